namespace Ballast.Wire { internal static class Placeholder { } }
