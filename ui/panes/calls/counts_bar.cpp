// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/panes/calls/counts_bar.h"

#include "ui/widgets/button.h"
#include "ui/widgets/elided_label.h"
#include "ui/widgets/format.h"
#include "ui/widgets/labels.h"
#include "ui/widgets/theme.h"

#include <QHBoxLayout>
#include <QPainter>

#include <array>

using namespace Qt::StringLiterals;

namespace ui::calls {

/// Squares of the histogram's colours with how many calls each stands for; only those there are.
class Legend final : public QWidget
{
public:
    explicit Legend(QWidget *parent = nullptr) : QWidget(parent) { setSizePolicy(QSizePolicy::Maximum, QSizePolicy::Preferred); }

    struct Entry
    {
        QString name;
        std::uint64_t calls = 0;
        int series = -1; ///< -1: the soft grey of answered calls
    };
    void setEntries(const QList<Entry> &entries)
    {
        m_entries = entries;
        QStringList words;
        for (const Entry &entry : entries)
            words.append(widgets::count(entry.calls) + u' ' + entry.name);
        setAccessibleName(words.join(u", "_s));
        updateGeometry();
        update();
    }
    [[nodiscard]] QSize sizeHint() const override
    {
        int width = 0;
        for (const Entry &entry : m_entries)
            width += entryWidth(entry);
        return {width, 20};
    }
    [[nodiscard]] QSize minimumSizeHint() const override { return {0, 20}; }

protected:
    void paintEvent(QPaintEvent *) override
    {
        const widgets::ThemeColors &c = widgets::colorsOf(this);
        QPainter painter(this);
        painter.setLayoutDirection(Qt::LayoutDirectionAuto);
        painter.setRenderHint(QPainter::Antialiasing);
        painter.setFont(widgets::textFont(12));
        const QFontMetrics metrics = painter.fontMetrics();
        int x = 0;
        for (const Entry &entry : m_entries) {
            painter.setPen(Qt::NoPen);
            painter.setBrush(entry.series < 0 ? widgets::blended(c.surface, c.otherSeries, 0.45) : c.series.at(std::size_t(entry.series)));
            painter.drawRoundedRect(QRectF(x, height() / 2 - 5, 10, 10), 2, 2);
            painter.setPen(c.text);
            painter.drawText(QRect(x + 15, 0, width(), height()), Qt::AlignVCenter, entry.name);
            painter.setPen(c.muted);
            painter.drawText(QRect(x + 15 + metrics.horizontalAdvance(entry.name) + 5, 0, width(), height()), Qt::AlignVCenter, widgets::count(entry.calls));
            x += entryWidth(entry);
        }
    }

private:
    static int entryWidth(const Entry &entry)
    {
        const QFontMetrics metrics(widgets::textFont(12));
        return 15 + metrics.horizontalAdvance(entry.name) + 5 + metrics.horizontalAdvance(widgets::count(entry.calls)) + 14;
    }
    QList<Entry> m_entries;
};

CountsBar::CountsBar(QWidget *parent) :
    QWidget(parent), m_text(new widgets::Label(widgets::Label::Kind::Secondary)), m_legend(new Legend), m_new(new widgets::Button(widgets::Button::Kind::Primary, widgets::Icon::Up, {})),
    m_time(new widgets::Chip({}, widgets::Role::Accent)), m_unit(new widgets::ElidedLabel)
{
    m_text->setObjectName(u"calls.counts"_s);
    m_text->setTextFormat(Qt::RichText);
    m_text->setRole(widgets::Role::Text);
    m_new->setObjectName(u"calls.new"_s);
    m_new->setSmall(true);
    m_new->hide();
    m_unit->setSizePolicy(QSizePolicy::Preferred, QSizePolicy::Fixed);
    m_time->setObjectName(u"calls.time"_s);
    m_time->setClosable(true);
    m_time->hide();
    auto *row = new QHBoxLayout(this);
    row->setContentsMargins(16, 0, 16, 0);
    row->setSpacing(12);
    row->addWidget(m_text);
    row->addWidget(m_legend);
    row->addStretch(1);
    row->addWidget(m_new);
    row->addWidget(m_time);
    row->addWidget(m_unit);
    setFixedHeight(36);
    connect(m_new, &QPushButton::clicked, this, &CountsBar::newWanted);
    connect(m_time, &widgets::Chip::closed, this, &CountsBar::timeCleared);
}

QString CountsBar::text() const { return m_plain; }

void CountsBar::setCounts(const Counts &shown)
{
    const auto bold = [](const QString &number) { return u"<span style=\"font-weight:600\">"_s + number + u"</span>"_s; };
    const auto number = [](std::uint64_t calls, bool complete) { return widgets::count(calls) + (complete ? QString() : u"+"_s); };
    QString rich;
    if (!shown.counts) {
        const QString read = shown.rowsComplete ? widgets::count(std::uint64_t(shown.rows)) : widgets::count(std::uint64_t(shown.rows)) + u'+';
        rich = shown.counting ? (shown.rows > 0 ? tr("%1 calls (counting…)").arg(bold(read)) : tr("Counting…")) : tr("%1 calls").arg(shown.rows > 0 ? bold(read) : widgets::unknownText());
    } else if (shown.selected && shown.filtered) {
        rich = tr("%1 selected of %2 found in %3 calls").arg(bold(number(shown.selected->found, shown.selected->complete)), bold(number(shown.counts->found, shown.counts->complete)), widgets::count(shown.counts->all));
    } else if (shown.selected) {
        rich = tr("%1 selected of %2 calls").arg(bold(number(shown.selected->found, shown.selected->complete)), widgets::count(shown.counts->all));
    } else if (shown.filtered) {
        rich = tr("%1 found in %2 calls").arg(bold(number(shown.counts->found, shown.counts->complete)), widgets::count(shown.counts->all));
    } else {
        rich = tr("%1 calls").arg(bold(number(shown.counts->found, shown.counts->complete)));
    }
    m_text->setText(rich);
    m_plain = rich;
    m_plain.remove(u"<span style=\"font-weight:600\">"_s).remove(u"</span>"_s);
    m_text->setAccessibleName(m_plain);
}

void CountsBar::setBins(const std::vector<gateway::HistogramBin> &bins)
{
    gateway::HistogramBin sum;
    for (const gateway::HistogramBin &bin : bins) {
        sum.ok += bin.ok;
        sum.rescued += bin.rescued;
        sum.refused += bin.refused;
        sum.failed += bin.failed;
    }
    QList<Legend::Entry> entries;
    const auto add = [&](const QString &name, std::uint64_t calls, int series) {
        if (calls > 0)
            entries.append({name, calls, series});
    };
    add(tr("answered"), sum.ok, -1);
    add(tr("rescued"), sum.rescued, 6);
    add(tr("refused"), sum.refused, 3);
    add(tr("failed"), sum.failed, 7);
    m_legend->setEntries(entries);
}

void CountsBar::setNew(int number, bool more)
{
    m_new->setText(tr("%1 new").arg(widgets::count(std::uint64_t(qMax(0, number))) + (more ? u"+"_s : QString())));
    m_new->setVisible(number > 0);
}

void CountsBar::setTime(const QString &time)
{
    m_time->setText(time);
    m_time->setVisible(!time.isEmpty());
}

void CountsBar::setUnit(const QString &unit) { m_unit->setText(unit); }

} // namespace ui::calls
