using Xunit.Sdk;
using Xunit.v3;

[assembly: TestCaseOrderer(typeof(Ballast.SeededOrder))]
[assembly: TestCollectionOrderer(typeof(Ballast.SeededOrder))]

namespace Ballast;

/// <summary>
/// The order of the classes' collections, and of the tests in a class: by a seed and their names, so the same in every folder (xunit's own goes
/// by a hash that has the folder in it). No test may need another one before it, or none: BALLAST_ORDER=N runs them in another order, and any
/// N that fails is a fault of a test.
/// </summary>
public sealed class SeededOrder : ITestCaseOrderer, ITestCollectionOrderer
{
    private const uint Usual = 1;

    private static readonly uint Seed = Read();

    /// <inheritdoc/>
    public IReadOnlyCollection<TTestCase> OrderTestCases<TTestCase>(IReadOnlyCollection<TTestCase> testCases)
        where TTestCase : notnull, ITestCase
        => [.. testCases.OrderBy(c => Place(c.TestCaseDisplayName)).ThenBy(c => c.TestCaseDisplayName, StringComparer.Ordinal)];

    /// <inheritdoc/>
    public IReadOnlyCollection<TTestCollection> OrderTestCollections<TTestCollection>(IReadOnlyCollection<TTestCollection> testCollections)
        where TTestCollection : ITestCollection
    {
        TestContext.Current.SendDiagnosticMessage("BALLAST_ORDER=" + Seed);
        return [.. testCollections.OrderBy(c => Place(Name(c))).ThenBy(Name, StringComparer.Ordinal)];
    }

    // "Test collection for CLASS (id: HASH)"; the hash has the folder in it.
    private static string Name<TTestCollection>(TTestCollection collection)
        where TTestCollection : ITestCollection
        => collection.TestCollectionDisplayName.Split(" (id: ")[0];

    private static uint Read()
    {
        string? given = Environment.GetEnvironmentVariable("BALLAST_ORDER");
        return string.IsNullOrEmpty(given) ? Usual
            : uint.TryParse(given, out uint seed) ? seed
            : throw new InvalidOperationException($"BALLAST_ORDER is '{given}'; it must be a whole number, such as 7.");
    }

    // FNV-1a; string.GetHashCode is another one in each process.
    private static uint Place(string name) => name.Aggregate(2166136261u ^ (Seed * 2654435761u), (hash, letter) => (hash ^ letter) * 16777619u);
}
