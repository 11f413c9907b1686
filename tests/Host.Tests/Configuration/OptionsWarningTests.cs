using Ballast.Host.Options;
using Ballast.Host.Tests.Keys;
using Ballast.Host.Tests.Sim;

namespace Ballast.Host.Tests.Configuration;

/// <summary>What works and should be changed all the same.</summary>
[System.Runtime.Versioning.SupportedOSPlatform("linux")]
public sealed class OptionsWarningTests : IDisposable
{
    private const UnixFileMode Owner = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    private readonly KeyFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void A_site_as_it_should_be_has_none()
        => Assert.Empty(Warnings(Owner | UnixFileMode.GroupRead | UnixFileMode.OtherRead, "secret:broker", "\"meter\":{\"configured\":true},"));

    [Theory]
    [InlineData("mqtt goes to 10.0.0.1 without TLS", "\"mqtt\":{\"host\":\"10.0.0.1\"},")]
    [InlineData("signalBroker goes to grid.example without TLS", "\"signalBroker\":{\"host\":\"grid.example\"},")]
    [InlineData("alerts webhook 'webhook' goes to example.org without TLS", "\"alerts\":{\"webhooks\":[{\"url\":\"http://example.org\"}]},")]
    [InlineData("webhook 'webhook' token stand(s) readable", "\"alerts\":{\"webhooks\":[{\"url\":\"https://example.org\",\"token\":\"t\"}]},")]
    [InlineData("alerts.mail goes to mail.example without TLS", "\"alerts\":{\"mail\":{\"host\":\"mail.example\",\"tls\":\"none\",\"from\":\"a@example.org\",\"to\":[\"b@example.org\"]}},")]
    public void Each_is_said_once(string expected, string more)
        => Assert.Contains(expected, Assert.Single(Warnings(Owner, "secret:broker", "\"meter\":{\"configured\":true}," + more)), StringComparison.Ordinal);

    [Fact]
    public void A_site_without_a_meter_is_told_so()
        => Assert.StartsWith("meter.configured is not set", Assert.Single(Warnings(Owner, "secret:broker", "")), StringComparison.Ordinal);

    [Theory]
    [InlineData(UnixFileMode.GroupRead, 1)]
    [InlineData(UnixFileMode.OtherRead, 2)]
    [InlineData(UnixFileMode.GroupWrite, 2)]
    public void A_password_in_the_file_is_named_and_who_may_read_or_change_it(UnixFileMode others, int expected)
    {
        IReadOnlyList<string> warnings = Warnings(Owner | others, "hunter2", "\"meter\":{\"configured\":true},");
        Assert.Equal(expected, warnings.Count);
        Assert.StartsWith("mqtt.password stand(s) readable", warnings[0], StringComparison.Ordinal);
        Assert.DoesNotContain(warnings, w => w.Contains("hunter2", StringComparison.Ordinal));
    }

    [Fact]
    public void Keys_in_the_file_are_counted_and_references_are_not()
    {
        _folder.StoreAllKeys();
        _folder.Store().Update(s => s.With("pod", new Host.Keys.NamedSecret(ToySite.Key(11), KeyFolder.Noon)));
        _folder.Configure(podKey: "secret:pod", boardKey: ToySite.Key(12), more: "\"meter\":{\"configured\":true},");
        File.SetUnixFileMode(_folder.Configuration, Owner);
        Assert.StartsWith("1 key(s) stand readable", Assert.Single(OptionsFile.Warnings(_folder.Configuration)), StringComparison.Ordinal);
    }

    private IReadOnlyList<string> Warnings(UnixFileMode mode, string password, string more)
    {
        _folder.StoreAllKeys();
        _folder.Store().Update(s => s.With("broker", new Host.Keys.NamedSecret("b", KeyFolder.Noon)));
        _folder.Configure(password, more: more);

        // A second mqtt section would be a fault of its own.
        string text = File.ReadAllText(_folder.Configuration);
        if (more.Contains("\"mqtt\"", StringComparison.Ordinal))
        {
            File.WriteAllText(_folder.Configuration, string.Join('\n', text.Split('\n').Where(l => !l.Contains("\"password\"", StringComparison.Ordinal))));
        }

        File.SetUnixFileMode(_folder.Configuration, mode);
        Assert.NotNull(_folder.Load(out IReadOnlyList<string> problems));
        Assert.Empty(problems);
        return OptionsFile.Warnings(_folder.Configuration);
    }
}
