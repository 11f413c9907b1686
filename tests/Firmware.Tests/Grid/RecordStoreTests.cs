using Ballast.Firmware.Grid;
using Ballast.Firmware.Tests.Agent;
using Ballast.Wire;

namespace Ballast.Firmware.Tests.Grid;

/// <summary>Two CRC-guarded slots: contract section 5, "Stored"; fault F21.</summary>
public class RecordStoreTests
{
    private static BoardRecord Sample(int startMw)
    {
        var r = new BoardRecord
        {
            ProvisionId = 77,
            Enrolled = true,
            FailsafeW = 12,
            LatchDispatch = true,
            FaultRule = 3,
            HasPowerW = true,
            PowerW = 99,
            StartMw = startMw,
            OwnPoint = 4,
            LogLevel = 5,
            LadderPoints = 2,
        };
        r.LadderMw[1] = 123_456;
        r.PodKeys.Install(3, [.. Enumerable.Repeat((byte)9, 32)], 0);
        r.PodKeys.Accept(r.PodKeys.Find(3)!, 5, 6);
        r.PodKeys.Install(4, [.. Enumerable.Repeat((byte)7, 32)], 0);
        r.BoardKeys.Install(200, [.. Enumerable.Repeat((byte)8, 32)], 0);
        r.HasPool[1] = true;
        r.PoolUrl[1] = "stratum+tcp://pool:3333";
        r.PoolUser[1] = "worker";
        r.PoolPassword[1] = "x";
        r.Order.Take(new DispatchOrder { OrderId = 8, LimitMjPerTh = 1234, Share = 4_000_000_000, Salt = 3, RampS = 7, SpreadS = 8, FailSpreadS = 9, Class = OrderClass.Reliability });
        return r;
    }

    private static byte[] Encode(BoardRecord r)
    {
        var bytes = new ByteRecord(BoardRecord.MaxBytes);
        r.Write(bytes);
        Assert.False(bytes.Failed);
        return bytes.Data[..bytes.Position];
    }

    [Fact]
    public void What_is_saved_is_loaded()
    {
        var store = new FakeStore();
        BoardRecord saved = Sample(11_000);
        Assert.True(new RecordStore(store).Save(saved));
        var loaded = new BoardRecord();
        Assert.Equal(RecordFound.Yes, new RecordStore(store).Load(loaded));
        Assert.Equal(Encode(saved), Encode(loaded));
        Assert.Equal(5u, loaded.PodKeys.Find(3)!.Epoch);
        Assert.True(loaded.PodKeys.Find(4)!.Newer);
    }

    [Fact]
    public void F21_a_write_torn_at_every_byte_leaves_the_record_before_it()
    {
        var store = new FakeStore();
        var keeper = new RecordStore(store);
        Assert.True(keeper.Save(Sample(1)));
        Assert.True(keeper.Save(Sample(2)));
        int length = store.LastLength;
        for (int cut = 0; cut < length; cut++)
        {
            FakeStore copy = store.Copy();
            var writer = new RecordStore(copy);
            writer.Load(new BoardRecord());
            copy.TearAfter = cut;
            Assert.False(writer.Save(Sample(3)));
            var found = new BoardRecord();
            var after = new RecordStore(copy);
            Assert.Equal(RecordFound.Yes, after.Load(found));
            Assert.Equal(2, found.StartMw);

            // And the next write works.
            copy.TearAfter = -1;
            Assert.True(after.Save(Sample(4)));
            Assert.Equal(RecordFound.Yes, new RecordStore(copy).Load(found));
            Assert.Equal(4, found.StartMw);
        }
    }

    [Fact]
    public void Every_flipped_bit_is_noticed()
    {
        var store = new FakeStore();
        var keeper = new RecordStore(store);
        keeper.Save(Sample(1));
        keeper.Save(Sample(2));
        byte[] buffer = new byte[BoardRecord.MaxBytes];
        int n = store.Read(1, buffer);
        for (int bit = 0; bit < n * 8; bit++)
        {
            FakeStore copy = store.Copy();
            byte[] bad = buffer[..n];
            bad[bit / 8] ^= (byte)(1 << (bit % 8));
            copy.Write(1, bad, n);
            var found = new BoardRecord();
            Assert.Equal(RecordFound.Yes, new RecordStore(copy).Load(found));
            Assert.Equal(1, found.StartMw);
        }
    }

    [Fact]
    public void S11_no_readable_record_means_asleep_with_an_event_and_no_keys()
    {
        var b = new Bench(failsafeW: 12);
        b.Run(60);
        Assert.True(b.Fake.Regulator.On);
        b.Store.Corrupt(0);
        if (b.Store.Writes > 1)
            b.Store.Corrupt(1);
        int writes = b.Store.Writes;
        b.Restart();
        b.Run(1);
        b.OrderNow(int.MaxValue);
        b.Run(120, () => Assert.False(b.Fake.Regulator.On));
        Assert.Equal("no readable record", (string?)b.Link.Last("/state")!["reason"]);
        Assert.Equal("S11", (string?)b.Link.Last("/event")!["rule"]);
        Assert.Equal(1, b.Rejected(Reject.UnknownKid));
        Assert.Equal(writes, b.Store.Writes);
    }

    [Fact]
    public void Flash_writes_of_a_day_of_changing_orders_stay_few()
    {
        // Failsafe above sleep and a new order every ten seconds, up and down: the worst that a host can do without actions.
        var b = new Bench(failsafeW: 12);
        b.AdmitAndRun(leaseS: 60);
        int before = b.Store.Writes;
        int i = 0;
        for (int t = 0; t < 3 * 360; t++)
        {
            b.OrderNow(i++ % 2 == 0 ? 0 : int.MaxValue, leaseS: 60);
            b.Run(10);
        }

        // Three hours; a fall below what is stored writes at once, a rise at most once an hour.
        Assert.InRange(b.Store.Writes - before, 1, 3 * 2 + 1);
    }

    [Fact]
    public void Another_provisioning_takes_effect_and_releases_nothing()
    {
        var b = new Bench();
        b.AdmitAndRun(leaseS: 3600);
        SetMessage m = b.Message(SetKind.Lockout);
        m.Value = 1;
        b.Send(m);
        b.Step();
        b.Settings.FailsafeW = 12;
        b.Settings.PodKeys[0].Kid = 4;
        b.Restart();
        b.Run(60);
        Assert.Equal(4, b.Agent.Record.PodKeys.Current()!.Kid);
        Assert.Equal(LimitedBy.LockOut, b.Snap.LimitedBy);
        Assert.False(b.Fake.Regulator.On);
    }
}
