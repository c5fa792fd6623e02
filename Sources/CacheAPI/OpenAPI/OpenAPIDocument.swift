/// The machine-readable description of the API.
public enum OpenAPIDocument {
    /// An OpenAPI 3.1 document, JSON.
    public static let json: [UInt8] = PackageResources.openapi_json
}
