using System.Globalization;
using System.Text;

namespace Ballast.Virtual.Day;

/// <summary>A day as a picture: cap, ordered and metered watts over the hours, outages shaded, prices below. Plain SVG, no script.</summary>
public static class DayPicture
{
    private const int Width = 1_400;
    private const int Height = 760;
    private const int Left = 90;
    private const int Right = 30;
    private const int Top = 70;
    private const int PlotHeight = 470;
    private const int PriceTop = 610;
    private const int PriceHeight = 90;

    // Cost of the last step of a board's ladder, mJ/TH.
    private const double TopCost = 29_000;

    /// <summary>Draws it.</summary>
    public static string Draw(DayResult day)
    {
        ArgumentNullException.ThrowIfNull(day);
        var page = new Page(day);
        var svg = new StringBuilder();
        svg.Append(CultureInfo.InvariantCulture, $"<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {Width} {Height}\" width=\"{Width}\" height=\"{Height}\" font-family=\"DejaVu Sans, Helvetica, Arial, sans-serif\" font-size=\"15\" fill=\"#222\">\n");
        svg.Append(CultureInfo.InvariantCulture, $"<rect width=\"{Width}\" height=\"{Height}\" fill=\"#fff\"/>\n");
        svg.Append(CultureInfo.InvariantCulture, $"<text x=\"{Left}\" y=\"28\" font-size=\"20\">A simulated day: {day.FullW / 1_000:0.0} kW of boards follow a solar plant's surplus and the price of power</text>\n");
        page.Outages(svg);
        page.Axes(svg);
        page.Area(svg, s => s.AllowedW, "#f6e3a1");
        page.Line(svg, s => s.CapW, "#b8860b", 1.6, steps: true);
        page.Line(svg, s => s.OrderedW, "#2166ac", 1.6, steps: true);
        page.Line(svg, s => s.MeteredW, "#c0392b", 1.4, steps: false);
        page.OutageNames(svg);
        page.Prices(svg);
        Legend(svg, day);
        svg.Append("</svg>\n");
        return svg.ToString();
    }

    private static void Legend(StringBuilder svg, DayResult day)
    {
        int x = Left;
        (string, string, bool)[] entries = [("#f6e3a1", "surplus and allowed import", true), ("#b8860b", "cap", false), ("#2166ac", "ordered", false), ("#c0392b", "metered", false), ("#999", "outage", true)];
        foreach ((string colour, string name, bool area) in entries)
        {
            svg.Append(area
                ? string.Create(CultureInfo.InvariantCulture, $"<rect x=\"{x}\" y=\"42\" width=\"26\" height=\"14\" fill=\"{colour}\"{(colour == "#999" ? " fill-opacity=\"0.3\"" : "")}/>")
                : string.Create(CultureInfo.InvariantCulture, $"<line x1=\"{x}\" y1=\"49\" x2=\"{x + 26}\" y2=\"49\" stroke=\"{colour}\" stroke-width=\"3\"/>"));
            svg.Append(CultureInfo.InvariantCulture, $"<text x=\"{x + 32}\" y=\"54\">{name}</text>\n");
            x += 60 + (name.Length * 9);
        }

        svg.Append(CultureInfo.InvariantCulture, $"<text x=\"{Width - Right}\" y=\"54\" text-anchor=\"end\">{day.UsedShare * 100:0.0} % of the usable surplus used outside ramps</text>\n");
    }

    // Where seconds and watts lie on the page.
    private sealed class Page(DayResult day)
    {
        private readonly int _from = day.Samples[0].Second;
        private readonly int _to = day.Samples[^1].Second + 1;
        private readonly double _maxW = Math.Max(day.FullW, day.Samples.Max(s => s.AllowedW)) * 1.05;

        public void Axes(StringBuilder svg)
        {
            double stepW = Round(_maxW / 9);
            for (double w = 0; w <= _maxW; w += stepW)
            {
                svg.Append(CultureInfo.InvariantCulture, $"<line x1=\"{Left}\" y1=\"{Y(w):0.0}\" x2=\"{Width - Right}\" y2=\"{Y(w):0.0}\" stroke=\"#ddd\"/>");
                svg.Append(CultureInfo.InvariantCulture, $"<text x=\"{Left - 8}\" y=\"{Y(w) + 5:0.0}\" text-anchor=\"end\">{w / 1_000:0.##}</text>\n");
            }

            foreach (int second in Marks())
            {
                svg.Append(CultureInfo.InvariantCulture, $"<line x1=\"{X(second):0.0}\" y1=\"{Top}\" x2=\"{X(second):0.0}\" y2=\"{PriceTop + PriceHeight}\" stroke=\"#eee\"/>");
                svg.Append(CultureInfo.InvariantCulture, $"<text x=\"{X(second):0.0}\" y=\"{Top + PlotHeight + 20}\" text-anchor=\"middle\">{second / 3_600:00}:{second / 60 % 60:00}</text>\n");
            }

            svg.Append(CultureInfo.InvariantCulture, $"<text transform=\"translate(26 {Top + (PlotHeight / 2)}) rotate(-90)\" text-anchor=\"middle\">power at the site's meter, kW</text>\n");
            svg.Append(CultureInfo.InvariantCulture, $"<text x=\"{(Left + Width - Right) / 2}\" y=\"{Top + PlotHeight + 44}\" text-anchor=\"middle\">time of day, hours</text>\n");
            svg.Append(CultureInfo.InvariantCulture, $"<line x1=\"{Left}\" y1=\"{Y(day.FloorW):0.0}\" x2=\"{Width - Right}\" y2=\"{Y(day.FloorW):0.0}\" stroke=\"#666\" stroke-dasharray=\"6 4\"/>");
            svg.Append(CultureInfo.InvariantCulture, $"<text x=\"{Width - Right - 4}\" y=\"{Y(day.FloorW) - 5:0.0}\" text-anchor=\"end\" font-size=\"13\">floor: everything asleep, {day.FloorW / 1_000:0.00} kW</text>\n");
        }

        public void Outages(StringBuilder svg)
        {
            foreach (DayOutage outage in day.Outages)
                svg.Append(CultureInfo.InvariantCulture, $"<rect x=\"{X(outage.FromS):0.0}\" y=\"{Top}\" width=\"{Math.Max(3, X(outage.ToS) - X(outage.FromS)):0.0}\" height=\"{PlotHeight}\" fill=\"#999\" fill-opacity=\"0.3\"/>\n");
        }

        // Above everything, on a patch of white: lines go up to the edge of the plot.
        public void OutageNames(StringBuilder svg)
        {
            int row = 0;
            foreach (DayOutage outage in day.Outages)
            {
                string name = string.Create(CultureInfo.InvariantCulture, $"{outage.What}, {outage.ToS - outage.FromS} s");
                double x = Math.Max(X(outage.ToS), X(outage.FromS) + 3) + 4;
                int y = Top + 40 + (22 * (row++ % 2));
                svg.Append(CultureInfo.InvariantCulture, $"<rect x=\"{x - 2:0.0}\" y=\"{y - 13}\" width=\"{name.Length * 7.6:0}\" height=\"18\" fill=\"#fff\" fill-opacity=\"0.85\"/>");
                svg.Append(CultureInfo.InvariantCulture, $"<text x=\"{x:0.0}\" y=\"{y}\" font-size=\"13\">{name}</text>\n");
            }
        }

        public void Area(StringBuilder svg, Func<DaySample, double> value, string colour)
        {
            svg.Append(CultureInfo.InvariantCulture, $"<path fill=\"{colour}\" fill-opacity=\"0.7\" d=\"M{X(_from):0.0} {Y(0):0.0}");
            foreach ((double x, double low, _) in Columns(value))
                svg.Append(CultureInfo.InvariantCulture, $"L{x:0.0} {Y(low):0.0}");
            svg.Append(CultureInfo.InvariantCulture, $"L{X(_to):0.0} {Y(0):0.0}Z\"/>\n");
        }

        // A column of pixels holds many seconds: both their lowest and their highest value are drawn, so that no spike is lost.
        public void Line(StringBuilder svg, Func<DaySample, double> value, string colour, double width, bool steps)
        {
            svg.Append(CultureInfo.InvariantCulture, $"<path fill=\"none\" stroke=\"{colour}\" stroke-width=\"{width}\" stroke-linejoin=\"{(steps ? "miter" : "round")}\" d=\"");
            char move = 'M';
            double last = double.NaN;
            foreach ((double x, double low, double high) in Columns(value))
            {
                (double first, double second) = Math.Abs(last - low) < Math.Abs(last - high) ? (low, high) : (high, low);
                svg.Append(CultureInfo.InvariantCulture, $"{move}{x:0.0} {Y(first):0.0}");
                if (first != second)
                    svg.Append(CultureInfo.InvariantCulture, $"L{x:0.0} {Y(second):0.0}");
                last = second;
                move = 'L';
            }

            svg.Append("\"/>\n");
        }

        public void Prices(StringBuilder svg)
        {
            double top = Enumerable.Range(0, 24).Max(h => PriceDay.At(h * 3_600));
            for (int second = _from - (_from % 3_600); second < _to; second += 3_600)
            {
                double x = X(Math.Max(second, _from));
                double width = X(Math.Min(second + 3_600, _to)) - x;
                double height = PriceHeight * PriceDay.At(second) / top;
                string colour = PriceDay.LimitMjPerTh(second) < TopCost ? "#c0392b" : PriceDay.Imports(second) ? "#27ae60" : "#bbb";
                svg.Append(CultureInfo.InvariantCulture, $"<rect x=\"{x + 1:0.0}\" y=\"{PriceTop + PriceHeight - height:0.0}\" width=\"{Math.Max(1, width - 2):0.0}\" height=\"{height:0.0}\" fill=\"{colour}\" fill-opacity=\"0.7\"/>");
                svg.Append(CultureInfo.InvariantCulture, $"<text x=\"{x + (width / 2):0.0}\" y=\"{PriceTop + PriceHeight - height - 4:0.0}\" text-anchor=\"middle\" font-size=\"12\">{PriceDay.At(second):0}</text>\n");
            }

            svg.Append(CultureInfo.InvariantCulture, $"<text x=\"{Left}\" y=\"{PriceTop + PriceHeight + 24}\">price of power, €/MWh. Red: the boards' top steps do not pay, they run lower. Green: import is allowed (under {PriceDay.ImportBelow:0}).</text>\n");
        }

        private IEnumerable<(double X, double Low, double High)> Columns(Func<DaySample, double> value)
            => day.Samples.GroupBy(s => (int)X(s.Second)).Select(column => ((double)column.Key, column.Min(value), column.Max(value)));

        // The next of 1, 2, 5, 10, 20, …
        private static double Round(double step)
        {
            double power = Math.Pow(10, Math.Floor(Math.Log10(step)));
            return step <= power ? power : step <= 2 * power ? 2 * power : step <= 5 * power ? 5 * power : 10 * power;
        }

        private IEnumerable<int> Marks()
        {
            int every = _to - _from > 8 * 3_600 ? 7_200 : _to - _from > 7_200 ? 3_600 : 600;
            for (int second = (_from + every - 1) / every * every; second <= _to; second += every)
                yield return second;
        }

        private double X(double second) => Left + ((second - _from) / (_to - _from) * (Width - Left - Right));

        private double Y(double watts) => Top + PlotHeight - (watts / _maxW * PlotHeight);
    }
}
