enum CacheClientStub {}
