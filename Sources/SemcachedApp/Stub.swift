enum SemcachedAppStub {}
