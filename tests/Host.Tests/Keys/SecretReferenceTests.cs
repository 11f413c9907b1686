using System.Text.Json;
using Ballast.Host.Keys;
using Ballast.Host.Options;
using Ballast.Host.Tests.Sim;

namespace Ballast.Host.Tests.Keys;

/// <summary>"secret:NAME" in the configuration, and keys that the configuration leaves out.</summary>
[System.Runtime.Versioning.SupportedOSPlatform("linux")]
public sealed class SecretReferenceTests : IDisposable
{
    private readonly KeyFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void A_reference_anywhere_becomes_the_secret_whatever_characters_it_has()
    {
        const string Odd = "p\"ä\\ss\nwörd, secret:other";
        _folder.StoreAllKeys();
        _folder.Store().Update(s => s.With("mqtt", new NamedSecret(Odd, KeyFolder.Noon)).With("grid.user-2", new NamedSecret("u", KeyFolder.Noon)));
        _folder.Configure("secret:mqtt", more: "\"signalBroker\": { \"host\": \"10.0.0.9\", \"user\": \"secret:grid.user-2\" },");
        SiteOptions options = _folder.Load(out IReadOnlyList<string> problems)!;
        Assert.Empty(problems);
        Assert.Equal((Odd, "u"), (options.Mqtt.Password, options.SignalBroker!.User));
    }

    [Fact]
    public void A_missing_secret_is_named_and_so_is_a_missing_store()
    {
        _folder.Configure("secret:mqtt");
        Assert.Null(_folder.Load(out IReadOnlyList<string> problems));
        Assert.Contains("ballast keys create", Assert.Single(problems), StringComparison.Ordinal);
        _folder.StoreAllKeys();
        Assert.Null(_folder.Load(out problems));
        Assert.Contains("'mqtt' is not in the secret store", Assert.Single(problems), StringComparison.Ordinal);
    }

    [Fact]
    public void Keys_and_their_numbers_come_from_the_store_where_the_configuration_leaves_them_out()
    {
        _folder.StoreAllKeys();
        _folder.Configure();
        SiteOptions options = _folder.Load(out IReadOnlyList<string> problems)!;
        Assert.Empty(problems);
        PodSection pod = options.Pods[0];
        Assert.Equal((3, ToySite.Key(11)), (pod.Kid, pod.Key));
        Assert.Equal([(4, ToySite.Key(12)), (5, ToySite.Key(13))], pod.Boards.Select(b => (b.Kid, b.Key)));
        Assert.Equal((6, ToySite.Key(14)), (options.Sources[0].Kid, options.Sources[0].Key));
        Assert.NotNull(SecretStore.Of(options));
    }

    [Fact]
    public void What_the_store_has_counts_more_than_an_old_key_in_the_configuration_and_a_warning_says_so()
    {
        // Otherwise a restart after a rotation would sign with a key that every board refuses.
        _folder.StoreAllKeys();
        _folder.Configure(podKey: ToySite.Key(90), boardKey: ToySite.Key(12));
        Assert.Equal((3, ToySite.Key(11)), (_folder.Load(out _)!.Pods[0].Kid, _folder.Load(out _)!.Pods[0].Key));
        IReadOnlyList<string> warnings = OptionsFile.Warnings(_folder.Configuration);
        Assert.Contains(warnings, w => w.StartsWith("pod/p1 has another key", StringComparison.Ordinal));
        Assert.Contains(warnings, w => w.StartsWith("1 key(s) stand readable", StringComparison.Ordinal));
        Assert.DoesNotContain(warnings, w => w.Contains(ToySite.Key(90), StringComparison.Ordinal) || w.Contains(ToySite.Key(12), StringComparison.Ordinal));
    }

    [Fact]
    public void A_board_without_a_key_anywhere_is_named_with_the_way_to_make_one()
    {
        _folder.StoreAllKeys();
        _folder.Store().Update(s => s with { Rings = s.Rings.Where(r => r.Key != "board/p1/b02").ToDictionary() });
        _folder.Configure();
        Assert.Null(_folder.Load(out IReadOnlyList<string> problems));
        Assert.Contains("board 'p1/b02' needs a key", Assert.Single(problems), StringComparison.Ordinal);
        Assert.Contains("ballast keys create", problems[0], StringComparison.Ordinal);
    }

    [Fact]
    public void The_line_of_a_later_fault_stays_right_when_a_secret_has_lines()
    {
        _folder.StoreAllKeys();
        _folder.Store().Update(s => s.With("mqtt", new NamedSecret("one\ntwo\nthree", KeyFolder.Noon)));
        _folder.Configure("secret:mqtt", more: "\"rampS\": \"quick\",");
        Assert.Null(_folder.Load(out IReadOnlyList<string> problems));
        Assert.Contains("line 5", Assert.Single(problems), StringComparison.Ordinal);
        Assert.DoesNotContain("three", problems[0], StringComparison.Ordinal);
    }

    [Fact]
    public void Store_and_key_are_found_where_the_configuration_says()
    {
        string store = Path.Combine(_folder.Path, "elsewhere.store");
        string key = Path.Combine(_folder.Path, "elsewhere.key");
        SecretStore.OpenOrCreate(store, key).Update(s => s.With("pod/p1", KeyFolder.Ring(1, 1)).With("board/p1/b01", KeyFolder.Ring(1, 1)).With("board/p1/b02", KeyFolder.Ring(1, 1)).With("source/tso", KeyFolder.Ring(1, 1)));
        _folder.Configure(more: "\"secrets\": { \"file\": " + JsonSerializer.Serialize(store) + ", \"keyFile\": " + JsonSerializer.Serialize(key) + " },");
        Assert.NotNull(_folder.Load(out _));
        File.SetUnixFileMode(key, UnixFileMode.UserRead | UnixFileMode.GroupRead);
        Assert.Null(_folder.Load(out IReadOnlyList<string> problems));
        Assert.Contains("chmod 600", Assert.Single(problems), StringComparison.Ordinal);
    }

    [Fact]
    public void Without_a_store_everything_is_as_it_was()
    {
        _folder.Configure(podKey: ToySite.Key(1), boardKey: ToySite.Key(2));
        Assert.Null(_folder.Load(out IReadOnlyList<string> problems));
        Assert.Equal(2, problems.Count);
        Assert.NotNull(OptionsFile.LoadWithoutSecrets(_folder.Configuration, out problems));
        Assert.Empty(problems);
        Assert.False(File.Exists(_folder.StoreFile));
    }

    [Fact]
    public void A_reference_to_a_secret_that_is_still_to_be_stored_does_not_stand_in_the_way_of_storing_it()
    {
        _folder.Configure("secret:mqtt", more: "\"alerts\": { \"webhooks\": [{ \"url\": \"secret:hook\" }] },");
        Assert.NotNull(OptionsFile.LoadWithoutSecrets(_folder.Configuration, out IReadOnlyList<string> problems));
        Assert.Empty(problems);
    }
}
