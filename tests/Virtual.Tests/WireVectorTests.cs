using System.Text;
using System.Text.Json;
using Ballast.Virtual.Oracle;

namespace Ballast.Virtual.Tests;

/// <summary>The oracle's own reading of the contract against the vectors of an independent implementation.</summary>
public sealed class WireVectorTests : IDisposable
{
    private readonly JsonDocument _vectors = JsonDocument.Parse(File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "Data", "wire.json")));

    [Fact]
    public void Choice_is_that_of_every_vector()
    {
        int checkedOrders = 0;
        foreach (JsonElement vector in _vectors.RootElement.GetProperty("choice").EnumerateArray())
        {
            int[] powerMw = Numbers(vector, "powerMw");
            int[] hashGhs = Numbers(vector, "hashGhs");
            string board = vector.GetProperty("board").GetString()!;
            foreach (JsonElement order in vector.GetProperty("orders").EnumerateArray())
            {
                var seen = new SeenMessage
                {
                    AtMs = 0,
                    Judgement = Judgement.Genuine,
                    Pod = "",
                    LimitMjPerTh = order.GetProperty("limitMjPerTh").GetInt64(),
                    Share = order.GetProperty("share").GetUInt32(),
                    Salt = order.GetProperty("salt").GetUInt32(),
                };
                Assert.Equal(powerMw[order.GetProperty("point").GetInt32()], ChoiceReference.PowerMw(powerMw, hashGhs, board, seen));
                checkedOrders++;
            }
        }

        Assert.True(checkedOrders > 1_000);
    }

    [Fact]
    public void Every_signed_envelope_is_genuine_and_forged_when_one_character_differs()
    {
        int envelopes = 0;
        foreach (JsonElement vector in _vectors.RootElement.GetProperty("envelopes").EnumerateArray())
        {
            string topic = vector.GetProperty("topic").GetString()!;
            byte[] message = Encoding.ASCII.GetBytes(vector.GetProperty("message").GetString()!);
            byte[] key = Convert.FromHexString(vector.GetProperty("keyHex").GetString()!);
            using JsonDocument body = JsonDocument.Parse(message);
            int kid = body.RootElement.GetProperty("kid").GetInt32();
            string[] parts = topic.Split('/');
            var judge = new MessageJudge(parts[2]);
            if (parts.Length == 5)
                judge.AddPodKey(parts[3], kid, key);
            else
                judge.AddBoardKey(parts[3], parts[4], kid, key);

            byte[] tampered = [.. message];
            tampered[Array.IndexOf(tampered, (byte)'s')] = (byte)'S';
            Assert.Equal(Judgement.Forged, judge.Judge(0, topic, tampered, retained: false)!.Judgement);
            Assert.Equal(Judgement.Genuine, judge.Judge(0, topic, message, retained: false)!.Judgement);
            envelopes++;
        }

        Assert.True(envelopes >= 12);
    }

    public void Dispose() => _vectors.Dispose();

    private static int[] Numbers(JsonElement vector, string name) => [.. vector.GetProperty(name).EnumerateArray().Select(n => n.GetInt32())];
}
