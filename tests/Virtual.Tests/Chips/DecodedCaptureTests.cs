using Ballast.Hw.Asic;
using Ballast.Hw.Asic.Bm13xx;
using Ballast.Hw.Bus.Capture;
using Ballast.Hw.Sim;
using Ballast.Virtual.Boards;
using Ballast.Virtual.Chips;

namespace Ballast.Virtual.Tests.Chips;

public class DecodedCaptureTests
{
    [Theory]
    [InlineData("BM1397", 1)]
    [InlineData("BM1362", 4)]
    [InlineData("BM1366", 6)]
    [InlineData("BM1368", 2)]
    [InlineData("BM1370", 4)]
    public void Every_frame_of_a_captured_bring_up_decodes_with_a_right_checksum_and_encodes_back(string chip, int chips)
    {
        Bm13xxProfile profile = Bm13xxChips.Find(chip, 30)!;
        List<string> capture = Capture(profile, chips);
        IReadOnlyList<ChipFrame> sent = FrameDecoder.Decode(Bytes(capture, "uart tx"), profile);
        IReadOnlyList<ChipFrame> received = FrameDecoder.Decode(Bytes(capture, "uart rx"), profile);
        Assert.Contains(sent, f => f.Kind == "job");
        Assert.Contains(received, f => f.Kind == "nonce");
        Assert.Contains(received, f => f.RegisterName == nameof(Bm13xxRegister.ChipAddress));
        Assert.All(sent.Concat(received), f => Assert.True(f.CrcOk, f.Line));
        Assert.All(sent.Where(f => f.Register is not null), f => Assert.NotNull(f.RegisterName));

        foreach (ChipFrame frame in sent.Where(f => f.Kind != "job"))
        {
            string[] words = frame.Kind switch
            {
                "write-all" => [frame.Kind, frame.RegisterName!, frame.Value!],
                "write-one" => [frame.Kind, frame.Address!.Value.ToString("X2"), frame.Register!, frame.Value!],
                "read-all" => [frame.Kind, frame.RegisterName!],
                "set-address" => [frame.Kind, frame.Address!.Value.ToString("X2")],
                _ => [frame.Kind],
            };
            Assert.Equal(frame.Bytes, Convert.ToHexStringLower(FrameEncoder.Encode(profile, words, out _)!));
        }
    }

    private static List<string> Capture(Bm13xxProfile profile, int chips)
    {
        var clock = new SimClock();
        var log = new ListLog();
        var random = new SimRandom(2);
        var uart = new SimUart(clock, random);
        var pin = new SimOutputPin(false);
        SimChipType type = profile.Name switch
        {
            "BM1397" => SimChipType.Bm1397(),
            "BM1362" => SimChipType.Bm1362(),
            "BM1366" => SimChipType.Bm1366(),
            "BM1368" => SimChipType.Bm1368(),
            _ => SimChipType.Bm1370(),
        };
        var model = new SimBm13xxChain(type, chips, uart, new SystemDigest(), random, 30) { CoreMilliVolts = 1400, MaxHashesPerStep = 1000 };
        var chain = new Bm13xxChain(profile, chips, new CaptureSession(clock, log).Uart(uart), pin);
        chain.SetTicketDifficulty(4);
        chain.Start();
        var job = new ChipJob { MidstateCount = profile.Midstates };
        for (int tick = 0; tick < 500; tick++)
        {
            clock.NowMs += 20;
            model.HoldInReset(!pin.IsHigh);
            uart.Pump(clock.NowMs);
            model.Step(clock.NowMs);
            chain.Step(clock.NowMs);
            if (tick % 25 == 0)
                chain.SendJob(job, out _);
            chain.RampTo(200_000);
        }

        Assert.True(chain.State == ChainState.Running, chain.Fault);
        return log.Lines;
    }

    private static byte[] Bytes(List<string> lines, string call)
    {
        List<byte> bytes = [];
        foreach (string line in lines)
        {
            Assert.True(CaptureText.TryParse(line, out _, out string request, out string answer));
            if (request.StartsWith(call, StringComparison.Ordinal))
                bytes.AddRange(Convert.FromHexString(call == "uart rx" ? answer : CaptureText.Word(request, 2)));
        }

        return [.. bytes];
    }

    private sealed class ListLog : ICaptureLog
    {
        public List<string> Lines { get; } = [];

        public void Add(string line) => Lines.Add(line);
    }
}
