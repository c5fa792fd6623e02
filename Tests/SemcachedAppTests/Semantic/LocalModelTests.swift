import Testing

@testable import SemcachedApp

@Suite struct LocalModelTests {
    @Test func theMeasuredModelIsKnownByItsWeightsAndNotByItsFolder() {
        #expect(LocalModel.isCalibrated("all-MiniLM-L6-v2-be4b84db3c3f6610-mean-256"))
        #expect(LocalModel.isCalibrated("model-be4b84db3c3f6610-mean-256"))
        #expect(!LocalModel.isCalibrated("all-MiniLM-L6-v2-0123456789abcdef-mean-256"))
        #expect(!LocalModel.isCalibrated("all-MiniLM-L6-v2-be4b84db3c3f6610-cls-256"))
    }
}
