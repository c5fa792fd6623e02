enum JSONScanningStub {}
