using System.Diagnostics;
using System.Text.Json;
using Ballast.Host.Ledger;
using Ballast.Host.Tests.Mqtt;

namespace Ballast.Host.Tests.Ledger;

/// <summary>F31: a real file system under the record becomes read-only, and is repaired.</summary>
public sealed class ReadOnlyTests : IDisposable
{
    private readonly LedgerFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    [Trait("Category", "Long")]
    public async Task F31_a_real_file_system_turns_read_only_by_an_error_and_the_host_goes_on_and_starts_again_on_it_when_it_is_repaired()
    {
        // Needs root: an ext4 image is mounted, and the kernel is told of an error on it, upon which it takes no write any more.
        string image = Path.Combine(_folder.Path, "disk.img");
        string mount = Directory.CreateDirectory(Path.Combine(_folder.Path, "disk")).FullName;
        Run("truncate", "-s", "16M", image);
        Run("mkfs.ext4", "-q", image);
        Run("mount", "-o", "loop,errors=remount-ro", image, mount);
        try
        {
            using HostUnderKill site = new(change: o => o with { StateDir = mount });
            site.Start();
            Wait.Until(() => site.AllRun, "all boards to run");
            Run("sh", "-c", "echo test > /sys/fs/ext4/$(basename $(findmnt -no SOURCE '" + mount + "'))/trigger_fs_error");
            (int status, JsonElement limit) = await site.Send(HttpMethod.Post, "/api/limits", new { @class = "economic", limitW = 40, id = "fall" });
            Assert.Equal(202, status);
            Assert.False(limit.GetProperty("durable").GetBoolean());
            Wait.Until(() => site.PowerW <= 40.8, "power to fall on a read-only file system");
            Assert.Equal(503, (await site.Send(HttpMethod.Delete, "/api/limits/fall")).Status);
            Assert.Contains((await site.Get("/api/site")).GetProperty("alarms").EnumerateArray(), a => a.GetProperty("code").GetString() == "journal");
            Assert.True(site.PowerW <= 40.8);
            site.Stop();
            Run("umount", mount);
            Run("sh", "-c", "e2fsck -fy '" + image + "' >/dev/null || test $? -eq 1");
            Run("mount", "-o", "loop,errors=remount-ro", image, mount);
            site.Start();
            Wait.Until(() => site.AllRun, "all boards to run again");
            Assert.Null(LedgerAudit.Verify(mount).Fault);
            site.Stop();
        }
        finally
        {
            Run("umount", mount);
        }
    }

    private static void Run(string program, params string[] arguments)
    {
        using Process process = Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardError = true })!;
        string error = process.StandardError.ReadToEnd();
        process.WaitForExit();
        Assert.True(process.ExitCode == 0, program + " " + string.Join(' ', arguments) + ": " + error);
    }
}
