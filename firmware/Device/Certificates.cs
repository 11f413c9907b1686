using System.Security.Cryptography.X509Certificates;
using System.Text;
using Ballast.Firmware.Start;

namespace Ballast.Device
{
    /// <summary>The certificates of the broker link, from PEM files beside the settings. A key is never printed.</summary>
    public sealed class Certificates
    {
        private const int MaxPem = 4096;

        /// <summary>The broker's root; null takes the roots stored on the device.</summary>
        public X509Certificate? Ca;

        /// <summary>The board's own; null for none.</summary>
        public X509Certificate? Own;

        /// <summary>Reads what the settings name; null with the reason if a file cannot be used.</summary>
        public static Certificates? TryRead(BrokerSettings broker, out string? reason)
        {
            Certificates all = new Certificates();
            string? ca = Pem(broker.CaFile, out reason);
            string? own = reason == null ? Pem(broker.CertificateFile, out reason) : null;
            string? key = reason == null ? Pem(broker.KeyFile, out reason) : null;
            if (reason != null)
            {
                return null;
            }

            all.Ca = ca == null ? null : new X509Certificate(ca);
            all.Own = own == null || key == null ? null : new X509Certificate2(own, key, "");
            return all;
        }

        private static string? Pem(string file, out string? reason)
        {
            reason = null;
            if (file.Length == 0)
            {
                return null;
            }

            byte[] bytes = new byte[MaxPem];
            int count = FileStore.ReadFile(StartFile.Folder + file, bytes);
            if (count > 0 && count < MaxPem)
            {
                return Encoding.UTF8.GetString(bytes, 0, count);
            }

            reason = count <= 0 ? file + " is missing: store it beside the settings" : file + " is longer than 4 KB: give one certificate or key only";
            return null;
        }
    }
}
