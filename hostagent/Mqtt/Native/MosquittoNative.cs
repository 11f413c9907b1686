using System.Runtime.InteropServices;

namespace Ballast.Mqtt.Native;

/// <summary>Results of libmosquitto (mosquitto.h, enum mosq_err_t) that Ballast tells apart.</summary>
internal static class MosquittoError
{
    internal const int ConnPending = -1;
    internal const int Success = 0;
    internal const int Protocol = 2;
    internal const int Invalid = 3;
    internal const int NoConnection = 4;
    internal const int ConnectionRefused = 5;
    internal const int ConnectionLost = 7;
    internal const int Tls = 8;
    internal const int PayloadSize = 9;
    internal const int Errno = 14;
    internal const int Eai = 15;
    internal const int MalformedUtf8 = 18;
    internal const int KeepAlive = 19;
    internal const int Lookup = 20;
    internal const int TlsHandshake = 23;
    internal const int OversizePacket = 25;
}

/// <summary>Options of libmosquitto (enum mosq_opt_t).</summary>
internal static class MosquittoOption
{
    internal const int SendMaximum = 5;
    internal const int TcpNoDelay = 11;
}

/// <summary>struct mosquitto_message.</summary>
[StructLayout(LayoutKind.Sequential)]
internal unsafe struct MosquittoMessage
{
    internal int Mid;
    internal byte* Topic;
    internal void* Payload;
    internal int PayloadLength;
    internal int Qos;
    internal byte Retain;
}

/// <summary>The part of libmosquitto 2 that Ballast uses. Signatures from mosquitto.h.</summary>
internal static unsafe partial class MosquittoNative
{
    internal const string Library = "mosquitto";

    [LibraryImport(Library)]
    internal static partial int mosquitto_lib_init();

    [LibraryImport(Library, StringMarshalling = StringMarshalling.Utf8)]
    internal static partial nint mosquitto_new(string id, [MarshalAs(UnmanagedType.U1)] bool cleanSession, void* obj);

    [LibraryImport(Library)]
    internal static partial void mosquitto_destroy(nint client);

    [LibraryImport(Library)]
    internal static partial int mosquitto_int_option(nint client, int option, int value);

    [LibraryImport(Library)]
    internal static partial int mosquitto_threaded_set(nint client, [MarshalAs(UnmanagedType.U1)] bool threaded);

    [LibraryImport(Library, StringMarshalling = StringMarshalling.Utf8)]
    internal static partial int mosquitto_will_set(nint client, string topic, int length, byte* payload, int qos, [MarshalAs(UnmanagedType.U1)] bool retain);

    [LibraryImport(Library, StringMarshalling = StringMarshalling.Utf8)]
    internal static partial int mosquitto_username_pw_set(nint client, string? user, string? password);

    [LibraryImport(Library, StringMarshalling = StringMarshalling.Utf8)]
    internal static partial int mosquitto_tls_set(nint client, string? caFile, string? caPath, string? certFile, string? keyFile, void* passwordCallback);

    [LibraryImport(Library)]
    internal static partial int mosquitto_tls_insecure_set(nint client, [MarshalAs(UnmanagedType.U1)] bool value);

    [LibraryImport(Library, StringMarshalling = StringMarshalling.Utf8, SetLastError = true)]
    internal static partial int mosquitto_connect_async(nint client, string host, int port, int keepAliveS);

    [LibraryImport(Library)]
    internal static partial int mosquitto_disconnect(nint client);

    [LibraryImport(Library, StringMarshalling = StringMarshalling.Utf8)]
    internal static partial int mosquitto_publish(nint client, int* mid, string topic, int length, byte* payload, int qos, [MarshalAs(UnmanagedType.U1)] bool retain);

    [LibraryImport(Library, StringMarshalling = StringMarshalling.Utf8)]
    internal static partial int mosquitto_subscribe(nint client, int* mid, string filter, int qos);

    [LibraryImport(Library, SetLastError = true)]
    internal static partial int mosquitto_loop_read(nint client, int maxPackets);

    [LibraryImport(Library, SetLastError = true)]
    internal static partial int mosquitto_loop_write(nint client, int maxPackets);

    [LibraryImport(Library, SetLastError = true)]
    internal static partial int mosquitto_loop_misc(nint client);

    [LibraryImport(Library)]
    internal static partial int mosquitto_socket(nint client);

    [LibraryImport(Library)]
    [return: MarshalAs(UnmanagedType.U1)]
    internal static partial bool mosquitto_want_write(nint client);

    [LibraryImport(Library)]
    internal static partial void mosquitto_connect_callback_set(nint client, delegate* unmanaged[Cdecl]<nint, void*, int, void> callback);

    [LibraryImport(Library)]
    internal static partial void mosquitto_subscribe_callback_set(nint client, delegate* unmanaged[Cdecl]<nint, void*, int, int, int*, void> callback);

    [LibraryImport(Library)]
    internal static partial void mosquitto_message_callback_set(nint client, delegate* unmanaged[Cdecl]<nint, void*, MosquittoMessage*, void> callback);

    // Static storage: a string return type would have the marshaller free it.
    [LibraryImport(Library)]
    internal static partial byte* mosquitto_strerror(int error);
}

/// <summary>Waiting for a socket without the 1,024 descriptor limit of select, which mosquitto_loop has.</summary>
internal static unsafe partial class PosixNative
{
    internal const short PollIn = 1;
    internal const short PollOut = 4;

    [StructLayout(LayoutKind.Sequential)]
    internal struct PollFd
    {
        internal int Fd;
        internal short Events;
        internal short Returned;
    }

    [LibraryImport("libc", EntryPoint = "poll")]
    internal static partial int Poll(PollFd* fds, nuint count, int timeoutMs);

    [LibraryImport("libc", EntryPoint = "pipe")]
    internal static partial int Pipe(int* readAndWrite);

    [LibraryImport("libc", EntryPoint = "read")]
    internal static partial nint Read(int fd, byte* into, nuint count);

    [LibraryImport("libc", EntryPoint = "write")]
    internal static partial nint Write(int fd, byte* from, nuint count);

    [LibraryImport("libc", EntryPoint = "close")]
    internal static partial int Close(int fd);
}
