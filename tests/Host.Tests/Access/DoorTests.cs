using System.Net;
using System.Text.Json.Nodes;
using Ballast.Host.Access;
using Ballast.Host.Limits;

namespace Ballast.Host.Tests.Access;

/// <summary>Parts of the door by themselves: rights that go together, the number of keys, and the longer of two waits.</summary>
public sealed class DoorTests
{
    [Theory]
    [InlineData(Rights.Raise, false)]
    [InlineData(Rights.Operate, false)]
    [InlineData(Rights.Raise | Rights.Operate, true)]
    [InlineData(Rights.All, true)]
    public void What_needs_two_rights_needs_both(Rights has, bool may)
    {
        Caller caller = new(WhoMayWhat.RestSource, has);
        Assert.Equal(may, caller.May(Rights.Raise | Rights.Operate));
        Assert.Equal(may, WhoMayWhat.Refusal(caller, Rights.Raise | Rights.Operate, "") is null);
    }

    [Fact]
    public void There_are_never_more_than_500_keys()
    {
        string folder = Directory.CreateTempSubdirectory("ballast-door-").FullName;
        try
        {
            ApiKeyFile file = new(folder);
            file.Add("k0", AccessRole.Viewer, DateTimeOffset.UnixEpoch, null, out _);
            JsonNode content = JsonNode.Parse(File.ReadAllText(file.FullName))!;
            for (int i = 1; i < ApiKeyFile.MostKeys - 1; i++)
            {
                JsonNode copy = content["keys"]![0]!.DeepClone();
                copy["name"] = "k" + i;
                content["keys"]!.AsArray().Add(copy);
            }

            File.WriteAllText(file.FullName, content.ToJsonString());
            file.Add("last", AccessRole.Viewer, DateTimeOffset.UnixEpoch, null, out _);
            Assert.Contains("revoke some", Assert.Throws<IOException>(() => file.Add("more", AccessRole.Viewer, DateTimeOffset.UnixEpoch, null, out _)).Message, StringComparison.Ordinal);
            Assert.Equal(ApiKeyFile.MostKeys, file.Read()!.Count);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    [Theory]
    [InlineData(10, 5, 32)]
    [InlineData(5, 10, 32)]
    public void Of_an_addresss_and_a_keys_wait_the_longer_counts(int ofAddress, int ofKey, int waitS)
    {
        FailureGate gate = new(new MovedClock());
        IPAddress from = IPAddress.Parse("10.0.0.1");
        for (int i = 0; i < ofAddress; i++)
        {
            gate.Fail(from, "");
        }

        for (int i = 0; i < ofKey; i++)
        {
            gate.Fail(IPAddress.Parse("10.1.0." + i), "1a2b3c4d");
        }

        Assert.Equal(waitS, gate.WaitS(from, "1a2b3c4d"));
    }
}
