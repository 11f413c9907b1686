using System.Security.Authentication;
using MQTTnet;
using MQTTnet.Exceptions;

namespace Ballast.Mqtt;

/// <summary>MQTTnet's results and exceptions as our values, with a sentence for a person.</summary>
internal static class MqttNetWords
{
    /// <summary>The broker answered no.</summary>
    internal static MqttConnectResult OfRefusal(MqttOptions options, MqttClientConnectResultCode code)
    {
        (MqttConnectCode ours, string why) = code switch
        {
            MqttClientConnectResultCode.UnsupportedProtocolVersion => (MqttConnectCode.RefusedProtocol, "it does not speak MQTT 3.1.1"),
            MqttClientConnectResultCode.ClientIdentifierNotValid => (MqttConnectCode.RefusedClientId, "it does not accept the client id '" + options.ClientId + "'"),
            MqttClientConnectResultCode.BadUserNameOrPassword => (MqttConnectCode.RefusedCredentials, "user name or password is wrong"),
            MqttClientConnectResultCode.NotAuthorized => (MqttConnectCode.RefusedNotAuthorized, "user name or password is wrong, or the user may not connect"),
            _ => (MqttConnectCode.RefusedUnavailable, "it is not available (code " + (int)code + ")"),
        };
        return new MqttConnectResult(ours, "The MQTT broker at " + options.Host + ":" + options.Port + " refused the connection: " + why + ".");
    }

    /// <summary>The attempt did not come to an answer.</summary>
    internal static MqttConnectResult OfFailure(MqttOptions options, Exception error)
    {
        Exception cause = error.GetBaseException();
        MqttConnectCode code = Has<AuthenticationException>(error) ? MqttConnectCode.Tls
            : error is MqttConfigurationException or ArgumentException ? MqttConnectCode.Configuration
            : MqttConnectCode.Network;
        string why = error is OperationCanceledException or MqttCommunicationTimedOutException ? "no answer in time" : cause.Message.TrimEnd('.');
        return new MqttConnectResult(code, "No connection to the MQTT broker at " + options.Host + ":" + options.Port + ": " + why + ".");
    }

    /// <summary>The connection was up and ended; null is our own end.</summary>
    internal static MqttConnectResult OfLoss(MqttOptions options, MqttClientDisconnectedEventArgs? args)
    {
        if (args is null)
        {
            return new MqttConnectResult(MqttConnectCode.Closed, "This side closed the connection.");
        }

        bool silent = args.Exception is MqttCommunicationTimedOutException;
        string why = silent ? "the broker did not answer within the keep-alive time"
            : args.Exception is { } error ? error.GetBaseException().Message.TrimEnd('.') : "the broker closed it";
        return new MqttConnectResult(
            silent ? MqttConnectCode.KeepAlive : MqttConnectCode.Network,
            "The connection to the MQTT broker at " + options.Host + ":" + options.Port + " was lost: " + why + ".");
    }

    private static bool Has<T>(Exception? error)
        where T : Exception
    {
        for (; error is not null; error = error.InnerException)
        {
            if (error is T)
            {
                return true;
            }
        }

        return false;
    }
}
