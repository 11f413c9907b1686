using Ballast.Hw.Asic.Bm13xx;

namespace Ballast.Hw.Tests.Asic;

public class ParserTests
{
    private static readonly byte[] Good = Replies.Nonce(11, [1, 2, 3, 4], 5, 0x18, 0x0007);

    [Fact]
    public void The_documented_replies_are_frames()
    {
        foreach (string hex in new[] { "AA55137000000000000010", "AA5513700000000006", "AA5513680000000000000F" })
        {
            byte[] frame = Convert.FromHexString(hex);
            Assert.True(Bm13xxParser.IsReply(frame, 0, frame.Length), hex);
        }
    }

    [Fact]
    public void Test_replies_are_what_the_documented_ones_are() =>
        Assert.Equal("AA55137000000000000010", Convert.ToHexString(Replies.Register(11, 0x13700000, 0, 0)));

    [Fact]
    public void A_nonce_frame_is_split_into_its_fields()
    {
        var reply = new Bm13xxReply();
        Assert.Single(Take(11, Good, reply));
        Assert.True(reply.IsNonce);
        Assert.Equal((0x01020304u, 5, 0x18, 7), (reply.Value, reply.Address, reply.Register, reply.Extra));
    }

    [Fact]
    public void Garbage_before_a_frame_costs_no_frame()
    {
        byte[] stream = [0x00, 0xAA, 0xAA, 0x55, 0x17, .. Good, 0xAA, 0x55, .. Good];
        Assert.Equal(2, Take(11, stream).Count);
    }

    [Fact]
    public void A_bad_frame_does_not_take_a_good_one_with_it()
    {
        for (int bit = 0; bit < 88; bit++)
        {
            byte[] bad = [.. Good];
            bad[bit / 8] ^= (byte)(1 << bit % 8);
            byte[] stream = [.. Good, .. bad, .. Good, .. Good];
            Assert.Equal(3, Take(11, stream).Count);
        }
    }

    [Fact]
    public void A_cut_frame_does_not_take_the_next_one_with_it()
    {
        for (int seed = 0; seed < 4000; seed++)
        {
            var random = new Random(seed);
            byte[] nonce = new byte[4];
            random.NextBytes(nonce);
            byte[] frame = Replies.Nonce(11, nonce, random.Next(256), random.Next(128), random.Next(65536));
            byte[] cut = frame[..random.Next(1, 11)];
            byte[] stream = [.. cut, .. Good, .. Good];
            List<uint> taken = Take(11, stream);
            Assert.True(taken.Count(n => n == 0x01020304) == 2, $"seed {seed}");
        }
    }

    [Fact]
    public void Bytes_that_come_one_by_one_make_the_same_frames()
    {
        var parser = new Bm13xxParser { ReplyBytes = 11 };
        var reply = new Bm13xxReply();
        int frames = 0;
        byte[] stream = [9, 9, .. Good, 8, .. Good];
        foreach (byte value in stream)
        {
            parser.Feed([value], 0, 1);
            while (parser.TryTake(reply))
                frames++;
        }

        Assert.Equal(2, frames);
        Assert.Equal(3, parser.SkippedBytes);
    }

    [Fact]
    public void Short_replies_are_read_when_the_chip_sends_them()
    {
        var reply = new Bm13xxReply();
        byte[] frame = Replies.Nonce(9, [1, 2, 3, 4], 1, 0x25);
        Assert.Single(Take(9, [0xAA, .. frame], reply));
        Assert.Equal((0x25, 0), (reply.Register, reply.Extra));
    }

    internal static List<uint> Take(int replyBytes, byte[] stream, Bm13xxReply? into = null)
    {
        var parser = new Bm13xxParser { ReplyBytes = replyBytes };
        Bm13xxReply reply = into ?? new Bm13xxReply();
        List<uint> taken = [];
        int fed = 0;
        while (true)
        {
            fed += parser.Feed(stream, fed, stream.Length - fed);
            int before = taken.Count;
            while (parser.TryTake(reply))
                taken.Add(reply.Value);
            if (fed == stream.Length && taken.Count == before)
                return taken;
        }
    }
}
