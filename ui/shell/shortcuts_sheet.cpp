// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/shell/shortcuts_sheet.h"

#include "ui/widgets/labels.h"

#include <QGridLayout>
#include <QHBoxLayout>
#include <QMap>
#include <QPainter>

namespace ui::shell {
namespace {

using widgets::Label;

constexpr int columnCount = 3; // in two it would be higher than a small window
constexpr int slack = 1;        // of a column's lines: sections are not divided

class Keys final : public QWidget
{
public:
    explicit Keys(const QString &keys) : m_keys(keys.split(QLatin1StringView("  "), Qt::SkipEmptyParts))
    {
        int width = 0;
        for (const QString &key : m_keys)
            width += widgets::keyHintWidth(key) + 4;
        setFixedSize(width, 21);
    }

protected:
    void paintEvent(QPaintEvent *) override
    {
        QPainter painter(this);
        int right = width();
        for (qsizetype i = m_keys.size() - 1; i >= 0; --i)
            right -= widgets::paintKeyHint(&painter, right, height() / 2, m_keys.at(i), widgets::colorsOf(this)) + 4;
    }

private:
    QStringList m_keys;
};

} // namespace

ShortcutsSheet::ShortcutsSheet(const QList<ShortcutLine> &lines, QWidget *parent) : Dialog(widgets::Icon::None, widgets::Role::Text, tr("Shortcuts"), parent)
{
    setObjectName(QStringLiteral("shortcuts"));
    auto *columns = new QHBoxLayout;
    columns->setSpacing(32);
    body()->addLayout(columns);
    QMap<QString, int> lengths;
    for (const ShortcutLine &line : lines)
        ++lengths[line.section];
    const auto most = (lines.size() + lengths.size() + columnCount - 1) / columnCount + slack;
    QGridLayout *grid = nullptr;
    QString section;
    int row = 0;
    for (const ShortcutLine &line : lines) {
        if (line.section != section) {
            section = line.section;
            const bool full = row + 1 + lengths.value(section) > most;
            if (!grid || (full && columns->count() < columnCount)) {
                if (grid)
                    grid->setRowStretch(row, 1);
                grid = new QGridLayout;
                grid->setHorizontalSpacing(16);
                grid->setVerticalSpacing(0);
                columns->addLayout(grid);
                row = 0;
            }
            auto *heading = new Label(Label::Kind::Strong, section);
            heading->setContentsMargins(0, row > 0 ? 6 : 0, 0, 1);
            grid->addWidget(heading, row++, 0, 1, 2);
        }
        grid->addWidget(new Label(Label::Kind::Body, line.what), row, 0);
        grid->addWidget(new Keys(line.keys), row++, 1, Qt::AlignRight);
    }
    if (grid)
        grid->setRowStretch(row, 1);
}

} // namespace ui::shell
