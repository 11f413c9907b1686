using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Ballast.Mqtt.Native;

namespace Ballast.Mqtt;

/// <content>What the library calls back.</content>
public sealed unsafe partial class MosquittoClient
{
    private static MosquittoClient? Of(void* obj) => GCHandle.FromIntPtr((nint)obj).Target as MosquittoClient;

    // An exception that leaves a native callback ends the process, so each of these catches all and reports a lost connection.
    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static void OnConnect(nint native, void* obj, int rc)
    {
        MosquittoClient? client = Of(obj);
        client?.Guard(() => client.Connected(rc));
    }

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static void OnSubscribe(nint native, void* obj, int mid, int count, int* granted)
    {
        MosquittoClient? client = Of(obj);
        if (client is null)
        {
            return;
        }

        bool refused = count < 1 || granted[0] >= 128;
        client.Guard(() =>
        {
            if (client._state != MqttClientState.Connecting)
            {
                return;
            }

            if (refused)
            {
                client.Fail(MqttConnectCode.RefusedSubscription, "The MQTT broker refused a subscription. Check the access list for user '" + client._options.User + "'.");
            }
            else if (--client._subscriptionsOpen == 0)
            {
                client.Up();
            }
        });
    }

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static void OnMessage(nint native, void* obj, MosquittoMessage* message)
    {
        MosquittoClient? client = Of(obj);
        if (client is null)
        {
            return;
        }

        client._received++;
        try
        {
            client._receiver.OnMessage(
                MemoryMarshal.CreateReadOnlySpanFromNullTerminated(message->Topic),
                new ReadOnlySpan<byte>(message->Payload, message->PayloadLength),
                message->Qos,
                message->Retain != 0);
        }
        catch (Exception error)
        {
            client.ReceiverFailed(error);
        }
    }

    private void Guard(Action action)
    {
        try
        {
            action();
        }
        catch (Exception error)
        {
            ReceiverFailed(error);
        }
    }

    // The connection is what it was: the failure has a place of its own.
    private void ReceiverFailed(Exception error)
    {
        LastHandlerFailure = error.GetType().Name + ": " + error.Message;
        HandlerFailures++;
    }
}
