using System.Security.Cryptography;
using System.Text;

namespace Ballast.Wire.Tests;

/// <summary>Contract section 4: one order or action for one board.</summary>
public sealed class SetTests
{
    private const string NewKey = "00112233445566778899aabbccddeeff00112233445566778899aabbccddeeff";

    [Theory]
    [InlineData("\"powerW\":0,\"class\":\"emergency\"", SetKind.PowerW)]
    [InlineData("\"powerW\":1000000,\"class\":\"economic\"", SetKind.PowerW)]
    [InlineData("\"release\":1,\"class\":\"reliability\"", SetKind.Release)]
    [InlineData("\"admit\":4294967295,\"afterSeq\":4294967295", SetKind.Admit)]
    [InlineData("\"identify\":1", SetKind.Identify)]
    [InlineData("\"restart\":1", SetKind.Restart)]
    [InlineData("\"restart\":2", SetKind.Restart)]
    [InlineData("\"clearFault\":1", SetKind.ClearFault)]
    [InlineData("\"lockout\":0", SetKind.Lockout)]
    [InlineData("\"lockout\":1", SetKind.Lockout)]
    [InlineData("\"pool\":1,\"slot\":3,\"url\":\"stratum+tcp://p:3333\",\"user\":\"a.b\",\"pass\":\"\"", SetKind.Pool)]
    [InlineData("\"ladderId\":4294967295", SetKind.LadderId)]
    [InlineData("\"logLevel\":5", SetKind.LogLevel)]
    [InlineData("\"slot\":1,\"newKid\":255,\"newKey\":\"" + NewKey + "\"", SetKind.InstallKey)]
    [InlineData("\"dropKid\":255", SetKind.DropKid)]
    public void Each_order_and_action_is_read(string members, SetKind kind)
    {
        var set = new SetMessage();
        Assert.Equal(Reject.None, Signed.ParseSet(Signed.Message(Signed.Common + "," + members, Signed.BoardTopic), set));
        Assert.Equal(kind, set.Kind);
        Assert.Equal((1, 1763800000U, 7U, 3U, 1763800000123L), (set.Kid, set.Epoch, set.Seq, set.OrderId, set.SentMs));
    }

    [Theory]
    [InlineData("\"powerW\":1000001,\"class\":\"economic\"")]
    [InlineData("\"powerW\":1,\"class\":\"now\"")]
    [InlineData("\"release\":0,\"class\":\"economic\"")]
    [InlineData("\"release\":1,\"class\":\"emergency\"")]
    [InlineData("\"admit\":4294967296,\"afterSeq\":0")]
    [InlineData("\"admit\":1,\"afterSeq\":4294967296")]
    [InlineData("\"identify\":0")]
    [InlineData("\"identify\":true")]
    [InlineData("\"restart\":0")]
    [InlineData("\"restart\":3")]
    [InlineData("\"clearFault\":0")]
    [InlineData("\"lockout\":2")]
    [InlineData("\"pool\":0,\"slot\":0,\"url\":\"\",\"user\":\"\",\"pass\":\"\"")]
    [InlineData("\"pool\":1,\"slot\":4,\"url\":\"\",\"user\":\"\",\"pass\":\"\"")]
    [InlineData("\"pool\":1,\"slot\":0,\"url\":1,\"user\":\"\",\"pass\":\"\"")]
    [InlineData("\"ladderId\":4294967296")]
    [InlineData("\"logLevel\":6")]
    [InlineData("\"slot\":2,\"newKid\":1,\"newKey\":\"" + NewKey + "\"")]
    [InlineData("\"slot\":1,\"newKid\":256,\"newKey\":\"" + NewKey + "\"")]
    [InlineData("\"slot\":1,\"newKid\":1,\"newKey\":\"" + NewKey + "0\"")]
    [InlineData("\"slot\":1,\"newKid\":1,\"newKey\":\"g" + "0112233445566778899aabbccddeeff00112233445566778899aabbccddeeff\"")]
    [InlineData("\"dropKid\":256")]
    public void A_value_out_of_range_is_refused(string members) => Expect(Reject.Range, members);

    [Theory]
    [InlineData("\"powerW\":5")]
    [InlineData("\"release\":1")]
    [InlineData("\"admit\":5")]
    [InlineData("\"pool\":1,\"slot\":0,\"url\":\"\",\"user\":\"\"")]
    [InlineData("\"pool\":1,\"url\":\"\",\"user\":\"\",\"pass\":\"\"")]
    [InlineData("\"newKid\":1,\"newKey\":\"" + NewKey + "\"")]
    [InlineData("\"slot\":1,\"newKey\":\"" + NewKey + "\"")]
    [InlineData("\"slot\":1,\"newKid\":1")]
    public void Half_an_action_is_refused(string members) => Expect(Reject.Missing, members);

    [Theory]
    [InlineData("\"powerW\":5,\"release\":1,\"class\":\"economic\"")]
    [InlineData("\"identify\":1,\"restart\":1")]
    [InlineData("\"lockout\":1,\"clearFault\":1")]
    [InlineData("\"admit\":1,\"afterSeq\":1,\"powerW\":5,\"class\":\"economic\"")]
    [InlineData("\"pool\":1,\"slot\":0,\"url\":\"\",\"user\":\"\",\"pass\":\"\",\"newKid\":1,\"newKey\":\"" + NewKey + "\"")]
    public void Two_actions_are_refused(string members) => Expect(Reject.TwoActions, members);

    [Theory]
    [InlineData("\"class\":\"economic\"")]
    [InlineData("\"slot\":1")]
    [InlineData("\"unknownAction\":1")]
    public void No_action_is_refused(string members) => Expect(Reject.NoAction, members);

    [Theory]
    [InlineData("kid")]
    [InlineData("epoch")]
    [InlineData("seq")]
    [InlineData("orderId")]
    [InlineData("sent")]
    public void A_missing_common_member_is_refused(string name)
    {
        string members = string.Join(',', Signed.Common.Split(',').Where(m => !m.StartsWith('"' + name + '"')));
        Assert.Equal(Reject.Missing, Signed.ParseSet(Signed.Message(members + ",\"identify\":1", Signed.BoardTopic)));
    }

    [Fact]
    public void Pool_strings_are_found_in_the_message()
    {
        var set = new SetMessage();
        byte[] message = Signed.Message(
            Signed.Common + ",\"pool\":1,\"slot\":2,\"url\":\"stratum+tcp://pool:3333\",\"user\":\"w.1\",\"pass\":\"x y\"", Signed.BoardTopic);
        Assert.Equal(Reject.None, Signed.ParseSet(message, set));
        Assert.Equal(2U, set.Value);
        Assert.Equal("stratum+tcp://pool:3333", Encoding.ASCII.GetString(set.Text!, set.UrlOff, set.UrlLength));
        Assert.Equal("w.1", Encoding.ASCII.GetString(set.Text!, set.UserOff, set.UserLength));
        Assert.Equal("x y", Encoding.ASCII.GetString(set.Text!, set.PassOff, set.PassLength));
    }

    [Fact]
    public void A_key_is_enciphered_as_the_contract_says_and_comes_back()
    {
        byte[] key = RandomNumberGenerator.GetBytes(32);
        byte[] topic = Encoding.UTF8.GetBytes(Signed.BoardTopic);
        byte[] pad = HMACSHA256.HashData(Signed.Key, (byte[])[.. "key\0"u8, .. topic, 0, .. "1763800000.42"u8]);
        byte[] expected = [.. key.Zip(pad, (a, b) => (byte)(a ^ b))];

        byte[] buffer = [9, .. key];
        var mac = new HmacSha256(Signed.Key);
        KeyCipher.Apply(mac, topic, topic.Length, 1763800000, 42, buffer, 1);
        Assert.Equal(expected, buffer[1..]);
        KeyCipher.Apply(mac, topic, topic.Length, 1763800000, 42, buffer, 1);
        Assert.Equal(key, buffer[1..]);

        pad = HMACSHA256.HashData(Signed.Key, (byte[])[.. "key\0"u8, .. topic, 0, .. "4294967295.0"u8]);
        KeyCipher.Apply(mac, topic, topic.Length, uint.MaxValue, 0, buffer, 1);
        Assert.Equal(key.Zip(pad, (a, b) => (byte)(a ^ b)), buffer[1..]);
    }

    private static void Expect(Reject reject, string members) =>
        Assert.Equal(reject, Signed.ParseSet(Signed.Message(Signed.Common + "," + members, Signed.BoardTopic)));
}
