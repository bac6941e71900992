// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/panes/privacy/hits_view.h"

#include "ui/widgets/button.h"
#include "ui/widgets/format.h"
#include "ui/widgets/labels.h"
#include "ui/widgets/theme.h"
#include "ui/widgets/theme_colors.h"

#include <QHBoxLayout>

#include <algorithm>

using namespace Qt::StringLiterals;

namespace ui::privacy {

using widgets::Button;
using widgets::Label;

namespace {

constexpr int barsHeight = 72, labelHeight = 16;

} // namespace

/// The bars over a line, with the highest figure and the ends of the time.
class HitsView::Bars final : public QWidget
{
public:
    Bars()
    {
        setFixedHeight(labelHeight + barsHeight + labelHeight);
        setLayoutDirection(Qt::LeftToRight); // as time runs everywhere
    }

    void setParts(const std::vector<std::uint64_t> &parts)
    {
        m_parts = parts;
        update();
    }

protected:
    void paintEvent(QPaintEvent *) override
    {
        QPainter painter(this);
        const widgets::ThemeColors &colors = widgets::colorsOf(this);
        const QRect bars(0, labelHeight, width(), barsHeight);
        paintHits(&painter, bars, m_parts, colors.series[6], colors.line);
        painter.fillRect(0, bars.bottom() + 1, width(), 1, colors.control);
        painter.setFont(widgets::textFont(11));
        painter.setPen(colors.muted);
        const std::uint64_t most = m_parts.empty() ? 0 : *std::ranges::max_element(m_parts);
        painter.drawText(QRect(0, 0, width(), labelHeight), Qt::AlignLeft | Qt::AlignVCenter, HitsView::tr("at most %1 an hour").arg(widgets::count(most)));
        const QRect ends(0, bars.bottom() + 2, width(), labelHeight);
        painter.drawText(ends, Qt::AlignLeft | Qt::AlignVCenter, HitsView::tr("24 h ago"));
        painter.drawText(ends, Qt::AlignRight | Qt::AlignVCenter, HitsView::tr("now"));
    }

private:
    std::vector<std::uint64_t> m_parts;
};

HitsView::HitsView(QWidget *parent) : QWidget(parent), m_bars(new Bars), m_figures(new Label(Label::Kind::Body)), m_note(new Label(Label::Kind::Note)), m_calls(new Button(Button::Kind::Link, widgets::Icon::None, tr("Show the calls")))
{
    setObjectName(u"privacy.hits"_s);
    m_figures->setObjectName(u"privacy.hits.figures"_s);
    m_figures->setWordWrap(true);
    m_note->setObjectName(u"privacy.hits.note"_s);
    m_note->setWordWrap(true);
    m_note->setRole(widgets::Role::Muted);
    m_calls->setObjectName(u"privacy.hits.calls"_s);
    m_calls->setSmall(true);
    auto *head = new QHBoxLayout;
    head->setSpacing(8);
    head->addWidget(new Label(Label::Kind::Strong, tr("Hits")));
    head->addWidget(new Label(Label::Kind::Secondary, tr("last 24 h")));
    head->addStretch(1);
    head->addWidget(m_calls);
    auto *column = new QVBoxLayout(this);
    column->setContentsMargins(16, 0, 16, 12);
    column->setSpacing(6);
    column->addWidget(new widgets::Divider(Qt::Horizontal));
    column->addSpacing(4);
    column->addLayout(head);
    column->addWidget(m_bars);
    column->addWidget(m_figures);
    column->addWidget(m_note);
    connect(m_calls, &QPushButton::clicked, this, &HitsView::callsWanted);
}

void HitsView::show(const std::optional<Hits> &hits, const QString &note)
{
    const bool any = hits && hits->found() > 0;
    m_bars->setVisible(any);
    m_calls->setVisible(any);
    if (any)
        m_bars->setParts(hits->parts);
    m_note->setText(note);
    m_note->setVisible(!note.isEmpty());
    if (!hits)
        m_figures->setText(widgets::unknownText());
    else if (!any)
        m_figures->setText(tr("Found nothing"));
    else
        m_figures->setText(tr("%1 in requests, %2 in answers").arg(widgets::count(hits->asked), widgets::count(hits->answered)));
}

} // namespace ui::privacy
