namespace Ballast.Hw.Boards
{
    /// <summary>The boards that have a file, by the name that settings and birth messages use.</summary>
    public static class BoardCatalog
    {
        /// <summary>Names of all boards.</summary>
        public static string[] Models() => new[]
        {
            BitaxeMax.Model, BitaxeUltra.Model, BitaxeSupra.Model, BitaxeGamma.Model, BitaxeGammaDuo.Model, BitaxeHex.Model, NerdQAxePlusPlus.Model,
            A1Eight.Model,
        };

        /// <summary>Puts a board together over its buses and pins; null if no board has the name.</summary>
        public static Hashboard? Create(string model, BoardIo io, int workShift)
        {
            switch (model)
            {
                case BitaxeMax.Model:
                    return BitaxeMax.Create(io, workShift);
                case BitaxeUltra.Model:
                    return BitaxeUltra.Create(io, workShift);
                case BitaxeSupra.Model:
                    return BitaxeSupra.Create(io, workShift);
                case BitaxeGamma.Model:
                    return BitaxeGamma.Create(io, workShift);
                case BitaxeGammaDuo.Model:
                    return BitaxeGammaDuo.Create(io, workShift);
                case BitaxeHex.Model:
                    return BitaxeHex.Create(io, workShift);
                case NerdQAxePlusPlus.Model:
                    return NerdQAxePlusPlus.Create(io, workShift);
                case A1Eight.Model:
                    return A1Eight.Create(io, workShift);
                default:
                    return null;
            }
        }
    }
}
