enum SemcachectlCommandsStub {}
