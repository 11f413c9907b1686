using System.Buffers.Binary;
using System.Security.Cryptography;
using Ballast.Hw.Asic;
using Ballast.Hw.Asic.Bm13xx;
using Ballast.Hw.Asic.Bm13xx.Chips;
using Ballast.Hw.Parts;
using Ballast.Hw.Sim;
using Ballast.Hw.Tests.Sim;

namespace Ballast.Hw.Tests.Asic;

/// <summary>The driver against the register-level model, which was written from the same facts by other hands.</summary>
public class OnModelTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    [InlineData(4)]
    public void A_chain_comes_up_hashes_and_every_nonce_is_one(int chips)
    {
        var clock = new SimClock();
        var random = new SimRandom(7);
        var uart = new SimUart(clock, random);
        var pin = new SimOutputPin(false);
        var model = new SimBm13xxChain(SimChipType.Bm1370(), chips, uart, new PlatformDigest(), random, 30) { CoreMilliVolts = 1150 };
        var chain = new Bm13xxChain(Bm1370.Create(30), chips, uart, pin);
        Assert.Equal(PartStatus.Ok, chain.SetTicketDifficulty(8));
        chain.Start();

        var job = new ChipJob();
        new Random(chips).NextBytes(job.Header.AsSpan(0, 76));
        BinaryPrimitives.WriteUInt32LittleEndian(job.Header, 0x20000000);
        var nonce = new ChipNonce();
        int nonces = 0;
        var named = new HashSet<int>();
        for (int tick = 0; tick < 2500; tick++)
        {
            clock.NowMs += 20;
            model.HoldInReset(!pin.IsHigh);
            uart.Pump(clock.NowMs);
            model.Step(clock.NowMs);
            chain.Step(clock.NowMs);
            if (chain.State == ChainState.Running && tick % 25 == 0)
            {
                Assert.Equal(PartStatus.Ok, chain.SendJob(job, out _));
                Assert.Equal(PartStatus.Ok, chain.RampTo(525_000));
            }

            while (chain.TryTakeNonce(nonce))
            {
                nonces++;
                named.Add(nonce.Chip);
                AssertMeets(job, nonce, 2 + 3);
            }
        }

        Assert.True(chain.State == ChainState.Running, chain.Fault);
        Assert.Equal((525_000, 525_000), (chain.FreqKhz, model.Chip(0).FreqKhz));
        Assert.True(nonces > 50, $"{nonces} nonces");
        Assert.Equal(Enumerable.Range(0, chips), named.Order());
        Assert.Equal(0, model.WrongCrc);
        int expected = 525 * 2040 / 1000;
        for (int chip = 0; chip < chips; chip++)
            Assert.InRange(chain.ChipHashGhs(chip), expected * 97 / 100, expected * 103 / 100);
    }

    private static void AssertMeets(ChipJob job, ChipNonce nonce, int zeroBits)
    {
        byte[] header = [.. job.Header];
        uint version = BinaryPrimitives.ReadUInt32LittleEndian(header) | nonce.VersionBits;
        BinaryPrimitives.WriteUInt32LittleEndian(header, version);
        BinaryPrimitives.WriteUInt32LittleEndian(header.AsSpan(76), nonce.Nonce);
        byte[] hash = SHA256.HashData(SHA256.HashData(header));
        Assert.Equal(0u, BinaryPrimitives.ReadUInt32LittleEndian(hash.AsSpan(28)) >> (32 - zeroBits));
    }
}
