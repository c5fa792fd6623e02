enum RedisStorageStub {}
