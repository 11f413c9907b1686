namespace Ballast.Virtual; internal static class Placeholder { }
