// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/shell/shortcuts_sheet.h"

#include "ui/widgets/labels.h"

#include <QGridLayout>
#include <QPainter>

namespace ui::shell {
namespace {

using widgets::Label;

class Keys final : public QWidget
{
public:
    explicit Keys(const QString &keys) : m_keys(keys.split(QLatin1StringView("  "), Qt::SkipEmptyParts))
    {
        int width = 0;
        for (const QString &key : m_keys)
            width += widgets::keyHintWidth(key) + 4;
        setFixedSize(width, 24);
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
    auto *grid = new QGridLayout;
    grid->setHorizontalSpacing(24);
    grid->setVerticalSpacing(2);
    QString section;
    int row = 0, column = 0;
    const auto half = (lines.size() + 1) / 2;
    qsizetype number = 0;
    for (const ShortcutLine &line : lines) {
        if (line.section != section) {
            if (number >= half && column == 0) {
                column = 3;
                row = 0;
            }
            auto *heading = new Label(Label::Kind::Strong, line.section);
            heading->setContentsMargins(0, row ? 10 : 0, 0, 2);
            grid->addWidget(heading, row++, column, 1, 2);
            section = line.section;
        }
        grid->addWidget(new Label(Label::Kind::Body, line.what), row, column);
        grid->addWidget(new Keys(line.keys), row++, column + 1, Qt::AlignRight);
        ++number;
    }
    grid->setColumnMinimumWidth(2, 16);
    body()->addLayout(grid);
}

} // namespace ui::shell
