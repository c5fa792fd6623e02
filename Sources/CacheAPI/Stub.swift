enum CacheAPIStub {}
