import Crypto
import FoundationEssentials

/// The dashboard: one document with its style and its script in it, made of the files in `Page`.
///
/// It holds no figures and asks no other server for anything.
struct DashboardPage: Sendable {
    /// The page of this build; made when it is first asked for.
    static let current = DashboardPage()

    /// The document, HTML in UTF-8.
    let document: [UInt8]
    /// Its `ETag`.
    let entityTag: String
    /// Lets a browser run this script, apply this style and ask this server, and nothing else.
    ///
    /// Images are allowed within the document alone, for the icon. Script may not make markup of text.
    let contentSecurityPolicy: String

    private static let scripts = [
        PackageResources.format_js, PackageResources.elements_js, PackageResources.client_js,
        PackageResources.charts_js, PackageResources.tables_js, PackageResources.timeline_js,
        PackageResources.similarity_js, PackageResources.listings_js, PackageResources.overview_js,
        PackageResources.explain_js, PackageResources.flush_js, PackageResources.page_js, PackageResources.main_js,
    ]

    private init() {
        let style = String(decoding: PackageResources.style_css, as: UTF8.self)
        let script = Self.scripts.map { String(decoding: $0, as: UTF8.self) }.joined(separator: "\n")
        let page = String(decoding: PackageResources.page_html, as: UTF8.self)
            .replacing("/* style.css */", with: style, maxReplacements: 1)
            .replacing("/* script */", with: script, maxReplacements: 1)
        document = Array(page.utf8)
        entityTag = "\"\(Self.digest(document).prefix(22))\""
        contentSecurityPolicy = [
            "default-src 'none'",
            "script-src 'sha256-\(Self.digest(Array(script.utf8)))'",
            "style-src 'sha256-\(Self.digest(Array(style.utf8)))'",
            "connect-src 'self'",
            "img-src data:",
            "base-uri 'none'",
            "form-action 'none'",
            "frame-ancestors 'none'",
            "require-trusted-types-for 'script'",
            "trusted-types 'none'",
        ]
        .joined(separator: "; ")
    }

    /// SHA-256 in base64, as Content-Security-Policy writes it.
    private static func digest(_ bytes: [UInt8]) -> String {
        Data(SHA256.hash(data: bytes)).base64EncodedString()
    }
}
