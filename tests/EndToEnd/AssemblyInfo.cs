// Each test runs a whole site: side by side they would measure each other.
[assembly: CollectionBehavior(DisableTestParallelization = true)]
