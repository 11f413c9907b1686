using System.Net.Sockets;
using Ballast.Host.Options;
using Microsoft.AspNetCore.Connections;

namespace Ballast.Host.Web;

/// <summary>What the web server needs of the addresses that it is to listen on, and why it cannot.</summary>
internal static class WebAddress
{
    /// <summary>
    /// Takes away the Unix sockets that a killed host left at its addresses: nobody answers there, and nobody could listen there again. One
    /// where somebody answers stays, and the start ends at it.
    /// </summary>
    internal static void ClearLeftovers(HttpSection http)
    {
        foreach (string url in http.Urls.Split(';', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries))
        {
            // A socket has no length: a file that somebody named by mistake stays.
            if (BindingAddress.Parse(url) is { IsUnixPipe: true } address && new FileInfo(address.UnixPipePath) is { Exists: true, Length: 0 } file && NobodyAnswers(file.FullName))
            {
                file.Delete();
            }
        }
    }

    /// <summary>A sentence if this is what ended the start, else null.</summary>
    internal static string? Problem(Exception error, HttpSection http) => error switch
    {
        IOException { InnerException: AddressInUseException } => error.Message.TrimEnd('.') + ": end the program that has it (perhaps another Ballast host), or name another address in http.urls.",
        SocketException => "The web server cannot listen on " + http.Urls + " (" + error.Message.TrimEnd('.') + "): name addresses of this machine in http.urls, with ports that this user may open (above 1023), or a socket in a folder that it may write.",
        _ => null,
    };

    private static bool NobodyAnswers(string path)
    {
        using Socket caller = new(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        try
        {
            caller.Connect(new UnixDomainSocketEndPoint(path));
            return false;
        }
        catch (SocketException error)
        {
            return error.SocketErrorCode == SocketError.ConnectionRefused;
        }
    }
}
