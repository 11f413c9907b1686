using Ballast.Hw.Asic;
using Ballast.Hw.Boards;
using Ballast.Hw.Bus;
using Ballast.Hw.Bus.Capture;
using Ballast.Hw.Parts;
using Ballast.Hw.Sim;
using Ballast.Hw.Tests.Sim;

namespace Ballast.Hw.Tests.Asic;

public class CaptureTests
{
    public static TheoryData<string> Models => [.. BoardCatalog.Models()];

    [Theory]
    [MemberData(nameof(Models))]
    public void The_bring_up_of_a_board_replays_without_a_difference_and_a_changed_byte_is_found_at_its_line(string model)
    {
        string[] capture = Capture(model);
        Assert.Contains(capture, l => l.Contains(" uart tx 55aa", StringComparison.Ordinal) || l.Contains(" spi 17", StringComparison.Ordinal));
        Assert.Contains(capture, l => l.Contains(" uart rx = aa55", StringComparison.Ordinal) || l.Contains(" spi 0800", StringComparison.Ordinal));
        Assert.Contains(capture, l => l.Contains(" i2c ", StringComparison.Ordinal));
        Assert.Null(Replay(model, capture));

        var random = new Random(3);
        for (int i = 0; i < 20; i++)
        {
            int line = random.Next(1, capture.Length);
            string[] changed = [.. capture];
            char[] text = changed[line].ToCharArray();
            int at = random.Next(text.Length);
            text[at] = text[at] == '5' ? '6' : '5';
            changed[line] = new string(text);
            Assert.StartsWith($"Line {line + 1}: ", Replay(model, changed));
        }
    }

    [Fact]
    public void A_driver_that_does_something_else_is_told_with_both_sides()
    {
        var clock = new SimClock { NowMs = 40 };
        string[] lines = ["# a board", CaptureText.Line(40, "uart tx 55aa520500000a", "ok"), CaptureText.Line(60, "uart rx", "aabb")];
        var session = new ReplaySession(lines, clock);
        IUart uart = session.Uart();
        byte[] other = [0x55, 0xAB];
        Assert.Equal(BusStatus.Fault, uart.Write(other, 0, 2));
        Assert.Equal("Line 2: the drivers do 'uart tx 55ab', the capture has 'uart tx 55aa520500000a'.", session.Problem);
        Assert.False(session.Finish());
    }

    [Fact]
    public void Received_bytes_come_at_their_time_and_in_the_pieces_that_are_asked_for()
    {
        var clock = new SimClock { NowMs = 40 };
        var session = new ReplaySession([CaptureText.Line(60, "uart rx", "aabbcc")], clock);
        IUart uart = session.Uart();
        byte[] into = new byte[8];
        Assert.Equal(0, uart.Read(into, 0, 8));
        clock.NowMs = 60;
        Assert.Equal(2, uart.Read(into, 0, 2));
        Assert.Equal(1, uart.Read(into, 2, 8));
        Assert.Equal("aabbcc", Convert.ToHexStringLower(into, 0, 3));
        Assert.True(session.Finish());
    }

    [Fact]
    public void A_driver_that_ends_early_or_goes_on_is_told()
    {
        var clock = new SimClock();
        string[] lines = [CaptureText.Line(0, "spi 0100", "0001 ok"), CaptureText.Line(0, "i2c wr 4c 00 1", "1a nack")];
        var session = new ReplaySession(lines, clock);
        byte[] data = [1, 0];
        Assert.Equal(BusStatus.Ok, session.Spi().Transfer(data, 0, data, 0, 2));
        Assert.Equal(1, data[1]);
        Assert.False(session.Finish());
        Assert.Equal("Line 2: the drivers ended before 'i2c wr 4c 00 1'.", session.Problem);

        session = new ReplaySession(lines[1..], clock);
        data[0] = 0;
        Assert.Equal(BusStatus.Nack, session.I2c().WriteRead(0x4C, data, 0, 1, data, 1, 1));
        Assert.Equal(0x1A, data[1]);
        Assert.True(session.Finish());
        Assert.Equal(BusStatus.Fault, session.I2c().Write(0x4C, data, 0, 1));
        Assert.StartsWith("Line 2: the capture has ended, the drivers go on with 'i2c w 4c 00'", session.Problem);
    }

    [Fact]
    public void What_is_no_capture_is_told_and_never_thrown()
    {
        var random = new Random(9);
        for (int i = 0; i < 20_000; i++)
        {
            char[] text = new char[random.Next(40)];
            for (int k = 0; k < text.Length; k++)
                text[k] = " =*-#0123456789abcdefuartxi2cspiok"[random.Next(34)];
            string line = new(text);
            string request = random.Next(2) == 0 ? "i2c r 4c 2" : "uart rx";
            string[] lines = [random.Next(2) == 0 ? line : CaptureText.Line(0, request, line)];
            var session = new ReplaySession(lines, new SimClock());
            byte[] data = new byte[4];
            if (request == "uart rx")
                session.Uart().Read(data, 0, 4);
            else
                session.I2c().Read(0x4C, data, 0, 2);
            session.Finish();
        }
    }

    private static string[] Capture(string model)
    {
        var clock = new SimClock();
        var log = new ListLog();
        var session = new CaptureSession(clock, log);
        session.Comment(model);
        var world = new SimBoard(clock, new PlatformDigest(), 5, 30, SimBoards.Find(model)!);
        BoardIo io = world.Io;
        io.AsicUart = io.AsicUart is null ? null : session.Uart(io.AsicUart);
        io.AsicSpi = io.AsicSpi is null ? null : session.Spi(io.AsicSpi);
        io.I2c = io.I2c is null ? null : session.I2c(io.I2c);
        Hashboard board = BoardCatalog.Create(model, io, 30)!;
        BringUp(board, clock, () => world.Step(clock.NowMs));
        Assert.True(board.Chain.State == ChainState.Running, board.Chain.Fault);
        return [.. log.Lines];
    }

    private static string? Replay(string model, string[] lines)
    {
        var clock = new SimClock();
        var session = new ReplaySession(lines, clock);
        BoardIo pins = new SimBoard(clock, new PlatformDigest(), 5, 30, SimBoards.Find(model)!).Io;
        pins.AsicUart = pins.AsicUart is null ? null : session.Uart();
        pins.AsicSpi = pins.AsicSpi is null ? null : session.Spi();
        pins.I2c = pins.I2c is null ? null : session.I2c();
        BringUp(BoardCatalog.Create(model, pins, 30)!, clock, () => { });
        session.Finish();
        return session.Problem;
    }

    // What an agent does with a board, in short: fans, regulator, chips, a ramp, jobs and readings.
    private static void BringUp(Hashboard board, SimClock clock, Action world)
    {
        OperatingPoint point = board.Description.Points[1];
        var reading = new RegulatorReading();
        var job = new ChipJob { MidstateCount = board.Chain.Profile.Midstates, Chip = board.Chain.Profile.JobsPerChip ? 0 : -1 };
        board.Fans.Configure();
        board.Fans.SetDutyPercent(0, 100);
        board.ChipTemperature.Configure();
        board.Regulator.Configure();
        board.Regulator.SetMillivolts(point.MilliVolts);
        board.Regulator.Enable(true);
        for (int tick = 0; tick < 260; tick++)
        {
            clock.NowMs += 20;
            world();
            if (tick == 25)
                board.Chain.Start();
            board.Chain.Step(clock.NowMs);
            if (board.Chain.State == ChainState.Running && tick % 50 == 0)
            {
                board.Chain.RampTo(point.FreqKhz);
                board.Chain.SendJob(job, out _);
                board.Regulator.Read(reading);
                board.ChipTemperature.ReadMilliC(board.ChipTemperatureChannel, out _);
                board.Fans.ReadRpm(0, out _);
            }
        }
    }

    private sealed class ListLog : ICaptureLog
    {
        public List<string> Lines { get; } = [];

        public void Add(string line) => Lines.Add(line);
    }
}
