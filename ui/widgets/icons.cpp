// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/widgets/icons.h"

#include "ui/widgets/mode_icons.h"
#include "ui/widgets/theme.h"

#include <QApplication>
#include <QFile>
#include <QHash>
#include <QIconEngine>
#include <QPainter>
#include <QPixmap>
#include <QSvgRenderer>

#include <array>
#include <memory>

using namespace Qt::StringLiterals;

namespace ui::widgets {
namespace {

constexpr std::array fileNames {
    "", "logo", "overview", "calls", "providers", "routes", "keys", "settings",
    "clock", "refresh", "search", "filter", "bookmark", "down", "up", "left", "right", "more", "x", "plus", "minus", "pause",
    "okc", "err", "warn", "info", "open", "half", "skip", "check", "lock", "dot",
    "play", "dia", "split", "swap", "chain", "cube", "oct", "flag", "drag", "fit", "undo", "redo", "upload", "dup", "trash",
    "zap", "server", "key", "org", "team", "cols", "download", "copy", "term", "bars", "table", "eye", "eyeoff", "shield", "edit", "tag", "folder",
    "file", "diff", "gauge", "arrowup", "arrowdown", "external", "moon", "sun",
    "privacy", "prompts", "cache", "alerts",
};
static_assert(fileNames.size() == static_cast<std::size_t>(lastIcon) + 1);

using Renderers = QHash<quint64, std::shared_ptr<QSvgRenderer>>;

/// Parsed drawings, by icon and colour: some hundred at most, on the GUI thread only.
QSvgRenderer *renderer(Icon icon, const QColor &color)
{
    static Renderers cache;
    const quint64 key = (quint64(icon) << 32) | color.rgb();
    auto &entry = cache[key];
    if (!entry) {
        QFile file(u":/icons/"_s + QLatin1StringView(fileNames[static_cast<std::size_t>(icon)]) + u".svg"_s);
        QByteArray drawing;
        if (file.open(QIODevice::ReadOnly))
            drawing = file.readAll();
        drawing.replace("currentColor", color.name(QColor::HexRgb).toLatin1());
        entry = std::make_shared<QSvgRenderer>(drawing);
    }
    return entry.get();
}

class ThemedIconEngine final : public QIconEngine
{
public:
    ThemedIconEngine(Icon icon, Role role) : m_icon(icon), m_role(role) {}

    void paint(QPainter *painter, const QRect &rect, QIcon::Mode mode, QIcon::State) override
    {
        const ThemeColors &colors = colorsOf(QApplication::palette());
        const int side = qMin(rect.width(), rect.height());
        const QRectF square(rect.x() + (rect.width() - side) / 2.0, rect.y() + (rect.height() - side) / 2.0, side, side);
        paintIcon(painter, m_icon, square, mode == QIcon::Disabled ? colors.control : colors.of(m_role));
    }

    QPixmap pixmap(const QSize &size, QIcon::Mode mode, QIcon::State state) override
    {
        QPixmap pixmap(size);
        pixmap.fill(Qt::transparent);
        QPainter painter(&pixmap);
        paint(&painter, QRect(QPoint(), size), mode, state);
        return pixmap;
    }

    QIconEngine *clone() const override { return new ThemedIconEngine(*this); }

private:
    Icon m_icon;
    Role m_role;
};

} // namespace

void paintIcon(QPainter *painter, Icon icon, const QRectF &where, const QColor &color)
{
    if (icon == Icon::None)
        return;
    loadResources();
    painter->save();
    painter->setRenderHint(QPainter::Antialiasing);
    renderer(icon, color)->render(painter, where);
    painter->restore();
}

QIcon themedIcon(Icon icon, Role role)
{
    return icon == Icon::None ? QIcon() : QIcon(new ThemedIconEngine(icon, role));
}

QIcon applicationIcon()
{
    loadResources();
    return QIcon(u":/icons/signalbox.svg"_s);
}

} // namespace ui::widgets
