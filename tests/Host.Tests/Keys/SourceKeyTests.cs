using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Ballast.Host.Keys;
using Ballast.Host.Options;
using Ballast.Host.Signals;
using Ballast.Host.Tests.Signals;
using Ballast.Host.Tests.Sim;

namespace Ballast.Host.Tests.Keys;

/// <summary>Keys of signed sources change while the site runs (contract sections 2 and 6).</summary>
public sealed class SourceKeyTests : IDisposable
{
    private readonly KeyFolder _folder = new();
    private readonly ToySite _site;
    private SourceBook _book;

    public SourceKeyTests()
    {
        SecretStore store = _folder.Store();
        store.Update(s => s.With(SecretSet.OfSource("tso"), KeyFolder.Ring(3, 77)));
        _site = new ToySite(change: o => StoredKeys.Fill(o with { Sources = [new SourceSection { Id = "tso", FreshS = 60, MayRaise = true }] }, store)).UpAndRunning();
        _book = SourceSite.Book(_site);
    }

    public void Dispose() => _folder.Dispose();

    private KeyDesk Desk => _site.Dispatcher.Keys;

    private KeyRing Ring => SecretStore.Open(_folder.StoreFile, _folder.KeyFile).Current.Ring(SecretSet.OfSource("tso"))!;

    private static string Old => ToySite.Key(77);

    private SignalVerdict Say(int kid, string key, uint seq, string op = "heartbeat", string rest = "")
    {
        long sent = _site.Time.GetUtcNow().ToUnixTimeMilliseconds();
        string text = string.Create(CultureInfo.InvariantCulture, $"{{\"v\":1,\"source\":\"tso\",\"seq\":{seq},\"op\":\"{op}\"{rest},\"sent\":{sent},\"kid\":{kid}");
        string mac = Convert.ToHexStringLower(HMACSHA256.HashData(Convert.FromHexString(key), Encoding.ASCII.GetBytes("ballast/v1/demo/grid/signal\0" + text)));
        return _book.Signals.Take(Encoding.ASCII.GetBytes(text + ",\"mac\":\"" + mac + "\"}"), false);
    }

    private (int Kid, string Key) Rotate()
    {
        Assert.Null(Desk.Rotate("tso", "test"));
        return (Ring.Newest.Kid, Ring.Newest.Key);
    }

    [Fact]
    public void Both_keys_count_until_the_first_message_under_the_new_one()
    {
        Assert.True(Say(3, Old, 100).Taken);
        (int kid, string key) = Rotate();
        Assert.NotEqual(3, kid);
        Assert.Equal(3, Ring.Current);
        Assert.Equal("both", Desk.Rotation(SecretSet.OfSource("tso"))!.Stage);
        Assert.True(Say(3, Old, 101).Taken);
        Assert.False(Say(3, Old, 101).Taken);

        // A new key begins with numbers of its own.
        SignalVerdict first = Say(kid, key, 1, "set", ",\"id\":\"g\",\"class\":\"reliability\",\"node\":\"site\",\"limitW\":200");
        Assert.True(first.Taken, first.Sentence);
        Assert.Contains("retired", Say(3, Old, 102).Sentence, StringComparison.Ordinal);
        Assert.False(Say(kid, key, 1).Taken);
        Assert.True(Say(kid, key, 2).Taken);
        Assert.Equal((kid, 1, null), (Ring.Current, Ring.Keys.Count, Ring.Rotation));
        Assert.Null(Desk.Rotation(SecretSet.OfSource("tso")));
        _site.Run(5);
        Assert.True(_site.PowerW <= 204);
    }

    [Fact]
    public void A_message_with_a_wrong_MAC_under_the_new_number_retires_nothing_S14()
    {
        (int kid, string key) = Rotate();
        Assert.False(Say(kid, Old, 1).Taken);
        Assert.True(Say(3, Old, 100).Taken);
        Assert.NotNull(Ring.Rotation);
        Assert.True(Say(kid, key, 1).Taken);
        Assert.False(Say(3, Old, 101).Taken);
    }

    [Fact]
    public void Dropping_retires_the_old_key_without_a_message_and_the_only_key_cannot_be_dropped()
    {
        Assert.Contains("one key only", Desk.Drop("tso", "test"), StringComparison.Ordinal);
        Assert.Contains("no source", Desk.Drop("p1", "test"), StringComparison.Ordinal);
        (int kid, string key) = Rotate();
        Assert.Null(Desk.Drop("source/tso", "test"));
        Assert.False(Say(3, Old, 100).Taken);
        Assert.True(Say(kid, key, 1).Taken);
        Assert.Equal(2, _site.Journal.Log.Count(n => n == "note keys"));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void F26_a_restart_in_the_middle_or_after_it_knows_keys_and_numbers(bool retired)
    {
        Assert.True(Say(3, Old, 100).Taken);
        (int kid, string key) = Rotate();
        if (retired)
        {
            Assert.True(Say(kid, key, 7).Taken);
        }

        SecretStore store = _folder.Store();
        ToySite again = new(change: o => StoredKeys.Fill(o with { Sources = [new SourceSection { Id = "tso", FreshS = 60, MayRaise = true }] }, store), store: _site.Journal);
        again.Time.Advance(_site.NowMs);
        _book = new SourceBook(again.Context, again.Dispatcher, again.Desk);
        _book.Start(_site.Journal.Load());
        Assert.False(Say(3, Old, 100).Taken);
        Assert.Equal(!retired, Say(3, Old, 101).Taken);
        Assert.False(retired && Say(kid, key, 7).Taken);
        Assert.True(Say(kid, key, 8).Taken);
        Assert.False(Say(3, Old, 102).Taken);
        Assert.Null(Ring.Rotation);
    }

    [Fact]
    public void A_second_rotation_before_the_new_key_was_used_replaces_it_and_the_old_one_goes_on()
    {
        (int lost, string lostKey) = Rotate();
        (int kid, string key) = Rotate();
        Assert.NotEqual(lost, kid);
        Assert.False(Say(lost, lostKey, 1).Taken);
        Assert.True(Say(3, Old, 1).Taken);
        Assert.True(Say(kid, key, 1).Taken);
    }

    [Fact]
    public void A_store_that_cannot_be_written_changes_nothing_and_says_so()
    {
        (int kid, string key) = Rotate();
        byte[] stored = File.ReadAllBytes(_folder.StoreFile);
        File.Delete(_folder.StoreFile);
        Directory.CreateDirectory(_folder.StoreFile);
        Assert.True(Say(kid, key, 1).Taken);
        Assert.True(_site.Context.Alarms.IsUp("secrets"));
        Assert.True(Say(3, Old, 1).Taken);
        Assert.NotNull(Desk.Rotate("tso", "test"));

        // The next message under the new key ends the rotation after all.
        Directory.Delete(_folder.StoreFile);
        File.WriteAllBytes(_folder.StoreFile, stored);
        Assert.True(Say(kid, key, 2).Taken);
        Assert.Null(Ring.Rotation);
        Assert.False(_site.Context.Alarms.IsUp("secrets"));
        Assert.False(Say(3, Old, 2).Taken);
    }
}
