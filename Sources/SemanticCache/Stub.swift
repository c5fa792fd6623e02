enum SemanticCacheStub {}
