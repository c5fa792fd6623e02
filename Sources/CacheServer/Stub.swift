enum CacheServerStub {}
