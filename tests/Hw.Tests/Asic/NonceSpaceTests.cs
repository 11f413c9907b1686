using System.Numerics;
using System.Text.Json;
using Ballast.Hw.Asic;
using Ballast.Hw.Asic.Bm13xx;

namespace Ballast.Hw.Tests.Asic;

/// <summary>
/// Which part of the nonce space each chip of a chain searches. The model of the search is the published one and no capture proves it [?]:
/// bits 31–25 of the wire word name the core, bits 24–17 begin with the chip's address, and a counter fills the bits below the address.
/// </summary>
public sealed class NonceSpaceTests
{
    private const long CoreSpace = 1L << 25;

    [Theory]
    [InlineData("BM1397", 656_250)]
    [InlineData("BM1362", 253_906)]
    [InlineData("BM1366", 437_500)]
    [InlineData("BM1368", 312_500)]
    [InlineData("BM1370", 500_000)]
    public void Chips_of_a_chain_search_disjoint_parts_and_together_the_stated_share(string name, int fullChainPpm)
    {
        Bm13xxProfile profile = Bm13xxChips.Find(name, 0)!;
        var reply = new Bm13xxReply { IsNonce = true };
        var nonce = new ChipNonce();
        foreach (int khz in new[] { profile.MinKhz, 200_000, 525_000, profile.MaxKhz })
        {
            for (int chips = 1; chips <= Bm13xxChain.MaxChips; chips++)
            {
                int interval = Bm13xxProfile.AddressInterval(chips);
                long searched = profile.SearchedNonces(chips, khz);
                Assert.InRange(searched, 1, profile.SlotNonces(chips));
                long free = 0;
                for (int chip = 0; chip < chips; chip++)
                {
                    // From its address on, and never into the next chip's or out of the core's bits.
                    long first = (long)(chip * interval) << 17;
                    long last = first + searched - 1;
                    Assert.True(first >= free && last < CoreSpace, $"{chips} chips, chip {chip}: {first}…{last}, free from {free}");
                    free = last + 1;

                    // The counter has bits of its own, so that no two of its values are the same nonce.
                    Assert.True((first & (long)(BitOperations.RoundUpToPowerOf2((ulong)searched) - 1)) == 0);
                    foreach (long at in new[] { first, last })
                    {
                        reply.Value = 63u << 25 | (uint)at;
                        Bm13xxNonce.Decode(profile, interval, chips, reply, nonce);
                        Assert.Equal((chip, 63), (nonce.Chip, nonce.Core));
                    }
                }

                // The share that it comes to, by a way of its own: full chains of powers of two, less empty places and the guard's ticks.
                double guard = profile.HasHashCounting ? (profile.HashCountingGuard + 1) * (khz / 25_000.0) / profile.SlotNonces(chips) : 0;
                double most = fullChainPpm * (chips / (double)BitOperations.RoundUpToPowerOf2((uint)chips));
                Assert.InRange(profile.CoveragePpm(chips, khz), most * (1 - 2.02 * guard) - 2, most + 2);
                Assert.Equal(searched * profile.Cores * chips / 4294967296.0 * 1e6, profile.CoveragePpm(chips, khz), 1.5);
            }
        }
    }

    [Fact]
    public void Rounded_addresses_lose_nonces_on_exactly_the_chains_that_the_facts_name()
    {
        int wrong = 0;
        foreach (JsonElement row in AsicVectors.Of("address_interval").EnumerateArray())
        {
            int chips = row.Int("chips");
            int units = 256 / (int)BitOperations.RoundUpToPowerOf2((uint)chips);
            Assert.Equal(chips, Distinct(chips, Bm13xxProfile.AddressInterval(chips), units) / units);
            bool whole = Distinct(chips, row.Int("esp_miner"), units) == chips * units;
            Assert.Equal(row.GetProperty("nonce_ok").GetBoolean(), whole);
            wrong += whole ? 0 : 1;
        }

        Assert.True(wrong >= 4);
    }

    /// <summary>Different values of bits 24–17 when every chip counts through its slot in the bits below its address, which the chip ORs in.</summary>
    private static int Distinct(int chips, int interval, int units) =>
        (from chip in Enumerable.Range(0, chips) from counter in Enumerable.Range(0, units) select ((chip * interval) & 0xFF) | counter).Distinct().Count();
}
