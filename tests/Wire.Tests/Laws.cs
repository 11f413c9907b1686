using FsCheck;
using FsCheck.Fluent;

namespace Ballast.Wire.Tests;

/// <summary>Runs properties with a fixed seed, which a failure prints, and draws ladders, ranks and messages.</summary>
internal static class Laws
{
    private const ulong Seed = 20261122;

    /// <summary>Ladders of all sizes; small numbers often, so that costs tie and points are collinear, and costs up to the highest.</summary>
    public static Gen<Ladder> Ladders { get; } =
        from scale in Gen.Elements(3, 50, 5000, 30_000_000)
        from hashScale in Gen.Frequency((3, Gen.Constant(scale)), (1, Gen.Elements(2, 1000, 30_000_000)))
        from count in Gen.Choose(1, Wire.Ladder.MaxPoints)
        from sleep in Gen.Choose(0, scale)
        from steps in Gen.Choose(0, scale).ArrayOf(count)
        from hashes in Gen.Choose(1, hashScale).ArrayOf(count)
        select Build(sleep, steps, hashes);

    /// <summary>Ranks and shares; the ends of the circle and collisions often.</summary>
    public static Gen<uint> Places { get; } = Gen.OneOf(
        Gen.Elements(0U, 1U, 7U, 0x80000000U, uint.MaxValue - 1, uint.MaxValue),
        Gen.Choose(int.MinValue, int.MaxValue).Select(i => (uint)i));

    /// <summary>Limits of cost; the ends often.</summary>
    public static Gen<int> Limits { get; } = Gen.OneOf(
        Gen.Elements(0, 1, 2, int.MaxValue - 1, int.MaxValue), Gen.Choose(0, 3000), Gen.Choose(0, 200_000), Gen.Choose(0, int.MaxValue));

    public static void Hold(Property property, int tests = 300) =>
        Check.One(Config.QuickThrowOnFailure.WithMaxTest(tests).WithReplay(Seed, 1), property);

    /// <summary>A ladder from sleep power and positive steps.</summary>
    public static Ladder Build(int sleep, int[] powerSteps, int[] hashSteps)
    {
        int[] power = new int[powerSteps.Length];
        int[] hash = new int[powerSteps.Length];
        power[0] = sleep;
        for (int i = 1; i < power.Length; i++)
        {
            power[i] = power[i - 1] + powerSteps[i];
            hash[i] = hash[i - 1] + hashSteps[i];
        }

        return Ladder.TryCreate(power, hash, power.Length, out string? reason) ?? throw new InvalidOperationException(reason);
    }
}
