using Ballast.Host.Options;
using Ballast.Host.Tests.Sim;

namespace Ballast.Host.Tests.Web;

public sealed class OptionsTests
{
    private static readonly string Key = ToySite.Key(1);

    private static string File(string site = "\"demo\"", string more = "", string pod = "p1", string? key = null, double nameplate = 25)
        => "{\"site\":" + site + ",\"hostId\":\"h1\",\"stateDir\":\"x\"" + more + ",\"pods\":[{\"id\":\"" + pod + "\",\"kid\":1,\"key\":\"" + (key ?? Key)
            + "\",\"boards\":[{\"id\":\"b01\",\"kid\":1,\"key\":\"" + Key + "\",\"nameplateW\":" + nameplate.ToString(System.Globalization.CultureInfo.InvariantCulture) + "}]}]}";

    [Fact]
    public void A_good_file_is_read_with_its_defaults()
    {
        SiteOptions options = OptionsFile.Parse(File(), out IReadOnlyList<string> problems)!;
        Assert.Empty(problems);
        Assert.Equal((60, 10, 15, 30, 10), (options.LeaseS, options.RepeatS, options.RampS, options.SpreadS, options.FailSpreadS));
    }

    [Theory]
    [InlineData("leaseS", ",\"leaseS\":54")]
    [InlineData("repeatS", ",\"repeatS\":0")]
    [InlineData("baseW", ",\"baseW\":-1")]
    [InlineData("mqtt.port", ",\"mqtt\":{\"port\":70000}")]
    [InlineData("'f1' names pod 'p7'", ",\"feeders\":[{\"id\":\"f1\",\"pods\":[\"p7\"]}]")]
    [InlineData("not readable", ",\"rampsS\":4")]
    [InlineData("not readable", ",\"rampS\":\"quick\"")]
    public void A_fault_is_named_with_what_to_change(string expected, string more)
    {
        Assert.Null(OptionsFile.Parse(File(more: more), out IReadOnlyList<string> problems));
        Assert.Contains(problems, p => p.Contains(expected, StringComparison.Ordinal));
    }

    [Fact]
    public void Reserved_pod_names_short_keys_and_missing_nameplates_are_named()
    {
        Assert.Null(OptionsFile.Parse(File(pod: "meter", key: "00", nameplate: 0), out IReadOnlyList<string> problems));
        Assert.Equal(3, problems.Count);
    }

    [Fact]
    public void The_lease_must_outlive_keep_alive_takeover_and_two_repeats()
    {
        Assert.NotNull(OptionsFile.Parse(File(more: ",\"leaseS\":55"), out _));
        Assert.Null(OptionsFile.Parse(File(more: ",\"leaseS\":60,\"repeatS\":15"), out IReadOnlyList<string> problems));
        Assert.Contains("64.5 must be less", problems[0], StringComparison.Ordinal);
    }
}
