using System.Buffers.Binary;
using System.Security.Cryptography;
using Ballast.Hw.Asic;
using Ballast.Hw.Asic.A1;
using Ballast.Hw.Asic.Bm13xx;
using Ballast.Hw.Parts;
using Ballast.Hw.Sim;
using Ballast.Hw.Tests.Sim;

namespace Ballast.Hw.Tests.Asic;

/// <summary>The drivers against the register-level models, which were written from the same facts by other hands.</summary>
public class OnModelTests
{
    [Theory]
    [InlineData("BM1370", 1)]
    [InlineData("BM1370", 4)]
    [InlineData("BM1368", 3)]
    [InlineData("BM1366", 6)]
    [InlineData("BM1362", 12)]
    [InlineData("BM1397", 1)]
    public void A_chain_comes_up_hashes_and_every_nonce_is_one(string name, int chips)
    {
        var clock = new SimClock();
        var random = new SimRandom(7);
        var uart = new SimUart(clock, random);
        var pin = new SimOutputPin(false);
        var model = new SimBm13xxChain(Type(name), chips, uart, new PlatformDigest(), random, 30) { CoreMilliVolts = 1400, MaxHashesPerStep = 2000 };
        Bm13xxProfile profile = Bm13xxChips.Find(name, 30)!;
        var chain = new Bm13xxChain(profile, chips, uart, pin);
        Assert.Equal(PartStatus.Ok, chain.SetTicketDifficulty(4));
        chain.Start();

        ChipJob job = Job(chips, profile.Midstates);
        var nonce = new ChipNonce();
        int nonces = 0;
        var named = new HashSet<int>();
        for (int tick = 0; tick < 1500; tick++)
        {
            clock.NowMs += 20;
            model.HoldInReset(!pin.IsHigh);
            uart.Pump(clock.NowMs);
            model.Step(clock.NowMs);
            chain.Step(clock.NowMs);
            if (chain.State == ChainState.Running && tick % 25 == 0)
            {
                Assert.Equal(PartStatus.Ok, chain.SendJob(job, out _));
                Assert.Equal(PartStatus.Ok, chain.RampTo(425_000));
            }

            while (chain.TryTakeNonce(nonce))
            {
                nonces++;
                named.Add(nonce.Chip);
                AssertMeets(job, nonce, 2 + 2);
            }
        }

        Assert.True(chain.State == ChainState.Running, chain.Fault);
        Assert.Equal((425_000, 425_000), (chain.FreqKhz, model.Chip(chips - 1).FreqKhz));
        Assert.True(nonces > 50, $"{nonces} nonces");
        Assert.Equal(Enumerable.Range(0, chips), named.Order());
        Assert.Equal(0, model.WrongCrc);
        int expected = 425 * profile.SmallCores / 1000;
        for (int chip = 0; chip < chips; chip++)
            Assert.InRange(chain.ChipHashGhs(chip), expected * 97 / 100, expected * 103 / 100);
    }

    [Fact]
    public void An_A1_chain_comes_up_keeps_its_chips_busy_and_every_nonce_is_one()
    {
        const int chips = 8;
        var clock = new SimClock();
        var pin = new SimOutputPin(false);
        var model = new SimA1Chain(SimA1Type.A1(), chips, 24) { CoreMilliVolts = 850, MaxHashesPerStep = 800 };
        var chain = new A1Chain(ChipA1.Create(24, 16000), chips, model, pin);
        Assert.Equal(PartStatus.Ok, chain.SetTicketDifficulty(1));
        chain.Start();
        ChipJob job = Job(3, 1);
        var nonce = new ChipNonce();
        int nonces = 0;
        int idle = 0;
        var named = new HashSet<int>();
        for (int tick = 0; tick < 1000; tick++)
        {
            clock.NowMs += 20;
            model.HoldInReset(!pin.IsHigh);
            model.Step(clock.NowMs);
            chain.Step(clock.NowMs);
            for (int chip = 0; chip < chips && chain.State == ChainState.Running; chip++)
            {
                job.Chip = chip;
                while (chain.JobSlotsFree(chip) > 0)
                    Assert.Equal(PartStatus.Ok, chain.SendJob(job, out _));
                chain.RampTo(800_000);
            }

            idle += tick > 700 && !model.IsHashing ? 1 : 0;
            while (chain.TryTakeNonce(nonce))
            {
                nonces++;
                named.Add(nonce.Chip);
                AssertMeets(job, nonce, 8);
            }
        }

        Assert.True(chain.State == ChainState.Running, chain.Fault);
        Assert.Equal((800_000, 800_000), (chain.FreqKhz, model.Chip(7).FreqKhz));
        Assert.Equal(0, idle);
        Assert.True(nonces > 50, $"{nonces} nonces");
        Assert.Equal(Enumerable.Range(0, chips), named.Order());
    }

    private static ChipJob Job(int seed, int midstates)
    {
        var job = new ChipJob();
        new Random(seed).NextBytes(job.Header.AsSpan(0, 76));
        BinaryPrimitives.WriteUInt32LittleEndian(job.Header, 0x20000000);
        if (midstates > 0)
            Midstate.Fill(job, midstates);
        return job;
    }

    private static SimChipType Type(string name) => name switch
    {
        "BM1397" => SimChipType.Bm1397(),
        "BM1362" => SimChipType.Bm1362(),
        "BM1366" => SimChipType.Bm1366(),
        "BM1368" => SimChipType.Bm1368(),
        _ => SimChipType.Bm1370(),
    };

    private static void AssertMeets(ChipJob job, ChipNonce nonce, int zeroBits)
    {
        byte[] header = [.. job.Header];
        BinaryPrimitives.WriteUInt32LittleEndian(header, Midstate.VersionOf(job, nonce.MidstateIndex) | nonce.VersionBits);
        BinaryPrimitives.WriteUInt32LittleEndian(header.AsSpan(76), nonce.Nonce);
        byte[] hash = SHA256.HashData(SHA256.HashData(header));
        Assert.Equal(0u, BinaryPrimitives.ReadUInt32LittleEndian(hash.AsSpan(28)) >> (32 - zeroBits));
    }
}
