// One chromium and one site at a time: side by side they would measure each other.
[assembly: CollectionBehavior(DisableTestParallelization = true)]
[assembly: AssemblyFixture(typeof(Ballast.Browser.Chrome))]
