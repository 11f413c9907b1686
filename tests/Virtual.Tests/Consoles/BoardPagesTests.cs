using System.Net;
using System.Net.Http.Json;
using System.Net.Sockets;
using System.Text;
using System.Text.Json.Nodes;

namespace Ballast.Virtual.Tests.Consoles;

/// <summary>The local pages of virtual boards over real sockets.</summary>
public sealed class BoardPagesTests : IDisposable
{
    private readonly ReachableFleet _fleet = new();

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    public void Dispose() => _fleet.Dispose();

    [Fact]
    public async Task Each_board_has_its_own_page_with_its_own_address()
    {
        using var client = new HttpClient();
        var names = new List<string>();
        var addresses = new List<string>();
        foreach (Terminal.BoardEntry board in _fleet.Boards)
        {
            JsonNode info = (await client.GetFromJsonAsync<JsonNode>(board.Page + "api/system/info", Stop))!;
            names.Add((string)info["hostname"]!);
            addresses.Add((string)info["macAddr"]!);
        }

        Assert.Equal(["b01", "b02"], names);
        Assert.Equal(["02:BA:11:00:00:01", "02:BA:11:00:00:02"], addresses);
    }

    [Fact]
    public async Task A_write_is_refused_and_the_client_gets_to_read_why()
    {
        using var client = new HttpClient();
        using HttpResponseMessage answer = await client.PatchAsJsonAsync(_fleet.Boards[0].Page + "api/system", new { frequency = new string('9', 3000) }, Stop);
        Assert.Equal(HttpStatusCode.MethodNotAllowed, answer.StatusCode);
        Assert.Contains("only shows", await answer.Content.ReadAsStringAsync(Stop), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Silent_and_greedy_clients_do_not_keep_others_out()
    {
        // Four that never say anything take all places; the fifth waits until their time is over.
        int port = new Uri(_fleet.Boards[0].Page).Port;
        var silent = new List<TcpClient>();
        for (int i = 0; i < 4; i++)
            silent.Add(new TcpClient("127.0.0.1", port));
        using var client = new HttpClient();
        string page = await client.GetStringAsync(_fleet.Boards[0].Page, Stop);
        Assert.Contains("AxeOS", page, StringComparison.Ordinal);
        silent.ForEach(s => s.Dispose());
    }

    [Fact]
    public async Task Who_ends_its_direction_after_the_request_still_gets_the_answer()
    {
        using var client = new TcpClient("127.0.0.1", new Uri(_fleet.Boards[1].Page).Port);
        using var reader = new StreamReader(client.GetStream());
        await client.Client.SendAsync(Encoding.ASCII.GetBytes("GET / HTTP/1.0\n\n"), Stop);
        client.Client.Shutdown(SocketShutdown.Send);
        Assert.StartsWith("HTTP/1.1 200 OK", await reader.ReadToEndAsync(Stop), StringComparison.Ordinal);
    }

    [Fact]
    public async Task After_a_restart_the_page_is_that_of_the_new_firmware()
    {
        _fleet.Fleet.Do(() => _fleet.Fleet.Boards[0].Agent.Restart(2));
        _fleet.Fleet.Do(() => { });
        _fleet.Fleet.Do(() => { });
        Assert.Equal(2, _fleet.Fleet.Boards[0].Boots);
        using var client = new HttpClient();
        JsonNode info = (await client.GetFromJsonAsync<JsonNode>(_fleet.Boards[0].Page + "api/system/info", Stop))!;
        Assert.InRange((long)info["uptimeSeconds"]!, 0, 3600);
    }
}
