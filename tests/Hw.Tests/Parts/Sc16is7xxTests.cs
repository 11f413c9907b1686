using System.Text.Json;
using Ballast.Hw.Bus;
using Ballast.Hw.Parts;
using Ballast.Hw.Sim;

namespace Ballast.Hw.Tests.Parts;

/// <summary>The UART bridge on its model, over SPI and over I2C, with a far end that keeps what it hears.</summary>
public class Sc16is7xxTests
{
    private const int Clock = 50_000_000;

    private readonly SimClock _clock = new();
    private readonly Listener _far = new();
    private readonly SimUart _line;

    public Sc16is7xxTests()
    {
        _line = new SimUart(_clock, new SimRandom(3));
        _line.Connect(_far);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void A_frame_of_88_bytes_goes_through_a_fifo_of_64(bool spi)
    {
        SimSc16is7xx model = Model(spi);
        Sc16is7xxUart uart = Driver(model, spi);
        Assert.Equal(PartStatus.Ok, uart.Configure(115741));
        byte[] frame = [.. Enumerable.Range(0, 88).Select(i => (byte)i)];
        Assert.Equal(BusStatus.Ok, uart.Write(frame, 0, frame.Length));
        for (int i = 0; i < 10; i++)
        {
            _clock.NowMs++;
            uart.Read(new byte[1], 0, 1);
        }

        Assert.Equal(frame, _far.Heard);
        Assert.True(model.LongestBurst <= 64);
        Assert.Equal(0, model.LostBytes);
    }

    [Fact]
    public void The_rate_changes_only_after_all_bytes_have_left()
    {
        SimSc16is7xx model = Model(true);
        Sc16is7xxUart uart = Driver(model, true);
        uart.Configure(115741);
        byte[] frame = [.. Enumerable.Range(0, 100).Select(i => (byte)i)];
        uart.Write(frame, 0, frame.Length);
        Assert.Equal(BusStatus.Ok, uart.SetBaudRate(1041667));
        Assert.Equal(115740, uart.BaudRate);
        for (int i = 0; i < 12; i++)
        {
            _clock.NowMs++;
            uart.Read(new byte[1], 0, 1);
        }

        Assert.Equal(frame, _far.Heard);
        Assert.Equal(1041666, uart.BaudRate);
        Assert.Equal(1041666, _line.BaudRate);
    }

    [Fact]
    public void Bytes_from_the_chips_arrive_and_an_overrun_is_counted()
    {
        SimSc16is7xx model = Model(true);
        Sc16is7xxUart uart = Driver(model, true);
        uart.Configure(115741);
        byte[] reply = [.. Enumerable.Range(0, 66).Select(i => (byte)i)];
        _line.Reply(reply, 0, 33, 0);
        _clock.NowMs += 10;
        byte[] got = new byte[128];
        Assert.Equal(33, uart.Read(got, 0, got.Length));
        Assert.Equal(reply[..33], got[..33]);
        Assert.Equal(0, uart.Overruns);
        _line.Reply(reply, 0, 66, _clock.NowMs * 1000);
        _clock.NowMs += 10;
        Assert.Equal(64, uart.Read(got, 0, got.Length));
        Assert.Equal(1, uart.Overruns);
    }

    [Fact]
    public void A_bridge_that_is_missing_or_stuck_is_told_apart()
    {
        SimSc16is7xx model = Model(true);
        model.LineStuck = true;
        Assert.Equal(PartStatus.WrongPart, Driver(model, true).Configure(115741));
        SimSc16is7xx silent = Model(false);
        silent.Nacks = true;
        Sc16is7xxUart uart = Driver(silent, false);
        Assert.Equal(PartStatus.Nack, uart.Configure(115741));
        Assert.Equal(0, uart.Read(new byte[4], 0, 4));
        Assert.Equal(BusStatus.Nack, uart.Write([1], 0, 1));
        Assert.True(uart.BusErrors > 0);
    }

    [Fact]
    public void A_rate_that_the_clock_cannot_give_changes_nothing()
    {
        Sc16is7xxUart uart = Driver(Model(true), true);
        uart.Configure(115741);
        Assert.Equal(BusStatus.Fault, uart.SetBaudRate(4_000_000));
        Assert.Equal(115740, uart.BaudRate);
        Assert.Equal(PartStatus.OutOfRange, new Sc16is7xxUart(Model(true), 0, 14_745_600).Configure(1_562_500));
    }

    [Fact]
    public void Rates_of_the_vectors_fit_or_do_not_as_they_say()
    {
        JsonElement rows = JsonDocument.Parse(File.ReadAllBytes(Path.Combine(AppContext.BaseDirectory, "Data", "asic.json"))).RootElement
            .GetProperty("sc16is7xx_baud").GetProperty("rows");
        foreach (JsonElement row in rows.EnumerateArray())
        {
            int clock = row.GetProperty("clock_hz").GetInt32();
            int target = (int)Math.Round(row.GetProperty("target_baud").GetDouble());
            int divisor = Sc16is7xxUart.DivisorOf(clock, target);
            double error = Math.Abs(row.GetProperty("error_percent").GetDouble());
            if (error < 4.4)
            {
                Assert.Equal(row.GetProperty("divisor").GetInt32(), divisor);
            }
            else if (error > 4.6)
            {
                Assert.Equal(0, divisor);
            }
        }
    }

    private static Sc16is7xxUart Driver(SimSc16is7xx model, bool spi)
    {
        if (spi)
        {
            return new Sc16is7xxUart(model, 0, Clock);
        }

        var bus = new SimI2cBus();
        bus.Add(model);
        return new Sc16is7xxUart(bus, 0x4D, 0, Clock);
    }

    private SimSc16is7xx Model(bool spi) => new(_line, spi ? 0 : 0x4D, Clock);

    private sealed class Listener : ISimUartDevice
    {
        public List<byte> Heard { get; } = [];

        public int BaudRate => 115741;

        public void Receive(int value, long timeUs) => Heard.Add((byte)value);
    }
}
