#include "surely_valid.hpp"
#include <algorithm>
#include <cmath>
#include <cstddef>
#include <vector>

namespace weir_gdal {

namespace {

struct Point {
    double x, y;
};

struct Edge {
    double west, east, south, north;
    size_t number;                      // it goes from that point to the next
};

/* On which side of a-b the point c is, -1 or 1; 0: rounding may have decided it. */
int side(Point a, Point b, Point c) {
    // J. R. Shewchuk, Adaptive Precision Floating-Point Arithmetic, 1997, figure 21: 3.3e-16 is enough
    constexpr double most_error = 1e-15;
    const double left = (b.x - a.x) * (c.y - a.y), right = (b.y - a.y) * (c.x - a.x), area = left - right;
    if (!(std::fabs(area) > most_error * (std::fabs(left) + std::fabs(right)))) return 0;
    return area > 0 ? 1 : -1;
}

/* That a-b and c-d have no point in common. */
bool are_apart(Point a, Point b, Point c, Point d) {
    const int of_c = side(a, b, c), of_a = side(c, d, a);
    return (of_c != 0 && of_c == side(a, b, d)) || (of_a != 0 && of_a == side(c, d, b));
}

/* The last point is the first. From west to east each edge meets those that begin before it ends. */
bool is_simple(const std::vector<Point> &points, std::vector<Edge> &edges) {
    const size_t count = points.size() - 1;
    edges.clear();
    for (size_t i = 0; i < count; i++) {
        const auto [west, east] = std::minmax(points[i].x, points[i + 1].x);
        const auto [south, north] = std::minmax(points[i].y, points[i + 1].y);
        edges.push_back({west, east, south, north, i});
    }
    std::sort(edges.begin(), edges.end(), [](const Edge &a, const Edge &b) { return a.west < b.west; });
    for (auto one = edges.begin(); one != edges.end(); ++one) {
        for (auto other = one + 1; other != edges.end() && other->west <= one->east; ++other) {
            if (other->south > one->north || other->north < one->south) continue;
            const size_t i = std::min(one->number, other->number), j = std::max(one->number, other->number);
            const bool is_next = j == i + 1, is_around = i == 0 && j == count - 1;
            // neighbours share a point, and nothing else unless they lie on one line
            const bool is_fine = is_next     ? side(points[i], points[j], points[j + 1]) != 0
                                 : is_around ? side(points[j], points[0], points[1]) != 0
                                             : are_apart(points[i], points[i + 1], points[j], points[j + 1]);
            if (!is_fine) return false;
        }
    }
    return true;
}

bool is_simple_polygon(OGRGeometryH polygon) {
    if (OGR_G_GetGeometryCount(polygon) != 1) return false;
    const OGRGeometryH ring = OGR_G_GetGeometryRef(polygon, 0);
    const int count = OGR_G_GetPointCount(ring);
    if (count < 4) return false;
    thread_local std::vector<Point> points;
    thread_local std::vector<Edge> edges;
    points.resize(size_t(count));
    OGR_G_GetPoints(ring, &points[0].x, int(sizeof(Point)), &points[0].y, int(sizeof(Point)), nullptr, 0);
    const bool are_finite = std::all_of(points.begin(), points.end(), [](Point p) { return std::isfinite(p.x) && std::isfinite(p.y); });
    if (!are_finite || points.front().x != points.back().x || points.front().y != points.back().y) return false;
    return is_simple(points, edges);
}

} // namespace

bool surely_valid(OGRGeometryH geometry) {
    constexpr int most_parts = 100;
    const OGRwkbGeometryType type = OGR_G_GetGeometryType(geometry);
    if (type == wkbPolygon) return is_simple_polygon(geometry);
    const int count = OGR_G_GetGeometryCount(geometry);
    if (type != wkbMultiPolygon || count > most_parts) return false;
    std::vector<OGREnvelope> seen;
    for (int i = 0; i < count; i++) {
        const OGRGeometryH part = OGR_G_GetGeometryRef(geometry, i);
        if (!is_simple_polygon(part)) return false;
        OGREnvelope box;
        OGR_G_GetEnvelope(part, &box);
        for (const OGREnvelope &other : seen)
            if (box.MinX <= other.MaxX && box.MaxX >= other.MinX && box.MinY <= other.MaxY && box.MaxY >= other.MinY) return false;
        seen.push_back(box);
    }
    return true;
}

} // namespace weir_gdal
