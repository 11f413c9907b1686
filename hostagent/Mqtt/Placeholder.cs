namespace Ballast.Mqtt;  internal static class Placeholder { }
