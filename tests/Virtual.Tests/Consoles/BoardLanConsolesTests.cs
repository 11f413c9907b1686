using System.Net.Sockets;
using System.Text;
using Ballast.Terminal;

namespace Ballast.Virtual.Tests.Consoles;

/// <summary>The network consoles of virtual boards over real sockets.</summary>
public sealed class BoardLanConsolesTests : IDisposable
{
    private const string Password = "correct horse battery";

    private readonly ReachableFleet _fleet = new(Password);

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    public void Dispose() => _fleet.Dispose();

    [Fact]
    public void Without_a_password_there_is_none()
    {
        using var plain = new ReachableFleet();
        Assert.All(plain.Boards, b => Assert.Equal("", b.Lan));
    }

    [Fact]
    public async Task One_person_at_a_time_gets_in_with_the_password()
    {
        using TcpClient first = Connect(0);
        await HearAsync(first, "Password: ");
        using TcpClient second = Connect(0);
        Assert.Equal(0, await second.GetStream().ReadAsync(new byte[8], Stop));
        await SayAsync(first, Password + "\r");
        string greeting = await HearAsync(first, "commands.\r\n> ");
        Assert.DoesNotContain("horse", greeting, StringComparison.Ordinal);
        await SayAsync(first, "status\r");
        Assert.Contains("p1/b01", await HearAsync(first, "\r\n> "), StringComparison.Ordinal);
        first.Dispose();
        using TcpClient third = Connect(1);
        await HearAsync(third, "Password: ");
    }

    [Fact]
    public async Task Wrong_passwords_lock_the_board_and_only_that_board()
    {
        for (int i = 0; i < 3; i++)
        {
            using TcpClient guess = Connect(0);
            await HearAsync(guess, "Password: ");
            await SayAsync(guess, "not the password\r");
            Assert.Contains("wrong password", await HearAsync(guess, ""), StringComparison.Ordinal);
        }

        using TcpClient locked = Connect(0);
        Assert.Contains("too many wrong passwords", await HearAsync(locked, ""), StringComparison.Ordinal);
        using TcpClient other = Connect(1);
        await HearAsync(other, "Password: ");
    }

    private TcpClient Connect(int board)
    {
        BoardEntry entry = _fleet.Boards[board];
        string[] address = entry.Lan.Split(':');
        return new TcpClient(address[0], int.Parse(address[1], System.Globalization.CultureInfo.InvariantCulture));
    }

    private static Task SayAsync(TcpClient client, string text) => client.GetStream().WriteAsync(Encoding.ASCII.GetBytes(text), Stop).AsTask();

    /// <summary>What came until a text, or until the end of the connection for "".</summary>
    private static async Task<string> HearAsync(TcpClient client, string until)
    {
        var heard = new StringBuilder();
        byte[] buffer = new byte[512];
        while (until.Length == 0 || !heard.ToString().EndsWith(until, StringComparison.Ordinal))
        {
            int got = await client.GetStream().ReadAsync(buffer, Stop);
            if (got == 0)
            {
                Assert.True(until.Length == 0, heard.ToString());
                break;
            }

            heard.Append(Encoding.ASCII.GetString(buffer, 0, got));
        }

        return heard.ToString();
    }
}
