// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/panes/providers/test_steps.h"

#include "ui/bridge/text.h"
#include "ui/widgets/format.h"
#include "ui/widgets/icons.h"
#include "ui/widgets/theme.h"

#include <QCoreApplication>
#include <QPainter>

#include <array>

using namespace Qt::StringLiterals;

namespace ui::providers {

using gateway::api::ProbeStep;
using namespace widgets;

namespace {

constexpr std::array kinds {ProbeStep::Kind::Dns, ProbeStep::Kind::Connect, ProbeStep::Kind::Tls, ProbeStep::Kind::Key, ProbeStep::Kind::Model};
constexpr int rowHeight = 34, textLeft = 132, signCentre = 22, timeWidth = 76, top = 2;

} // namespace

QString stepName(ProbeStep::Kind kind)
{
    const auto tr = [](const char *text) { return QCoreApplication::translate("ui::providers", text); };
    switch (kind) {
    case ProbeStep::Kind::Dns: return tr("DNS");
    case ProbeStep::Kind::Connect: return tr("Connect");
    case ProbeStep::Kind::Tls: return tr("TLS");
    case ProbeStep::Kind::Key: return tr("Key");
    case ProbeStep::Kind::Model: return tr("Model");
    }
    return {};
}

TestSteps::TestSteps(QWidget *parent) : QWidget(parent)
{
    setObjectName(u"providers.steps"_s);
    QSizePolicy policy(QSizePolicy::Preferred, QSizePolicy::Fixed);
    policy.setHeightForWidth(true);
    setSizePolicy(policy);
}

void TestSteps::begin()
{
    m_steps.clear();
    m_running = true;
    describe();
    updateGeometry();
    update();
}

void TestSteps::addStep(const ProbeStep &step)
{
    m_steps << step;
    describe();
    setFixedHeight(heightForWidth(width()));
    update();
}

void TestSteps::finish(const std::vector<ProbeStep> &steps)
{
    m_running = false;
    m_steps = QList<ProbeStep>(steps.begin(), steps.end());
    describe();
    setFixedHeight(heightForWidth(width()));
    updateGeometry();
    update();
}

void TestSteps::describe()
{
    QStringList lines;
    for (const ProbeStep &step : std::as_const(m_steps))
        lines << stepName(step.kind) + u": "_s + bridge::qt(step.headline);
    setAccessibleName(lines.isEmpty() ? tr("Test running") : lines.join(u". "_s));
}

QString TestSteps::details() const
{
    QStringList lines;
    for (const ProbeStep &step : m_steps) {
        const QString state = step.state == ProbeStep::State::Ok ? tr("ok") : step.state == ProbeStep::State::Failed ? tr("FAILED") : tr("not tried");
        lines << u"%1: %2 - %3%4"_s.arg(stepName(step.kind), state, bridge::qt(step.headline), step.state == ProbeStep::State::NotTried ? QString() : u" (%1)"_s.arg(latency(std::optional(step.took))));
        if (!step.detail.empty())
            lines << u"    "_s + bridge::qt(step.detail);
    }
    return lines.join(u'\n');
}

int TestSteps::detailHeight(const ProbeStep &step, int width) const
{
    if (step.state != ProbeStep::State::Failed || step.detail.empty())
        return 0;
    const QRect box = QFontMetrics(textFont(12)).boundingRect(QRect(0, 0, std::max(80, width - textLeft - 16), 1000), Qt::TextWordWrap | Qt::TextWrapAnywhere, bridge::qt(step.detail));
    return box.height() + 6;
}

int TestSteps::heightForWidth(int width) const
{
    int height = top * 2;
    for (std::size_t i = 0; i < kinds.size(); ++i)
        height += rowHeight + (static_cast<qsizetype>(i) < m_steps.size() ? detailHeight(m_steps[static_cast<qsizetype>(i)], width) : 0);
    return height;
}

QSize TestSteps::sizeHint() const { return {320, heightForWidth(std::max(320, width()))}; }

void TestSteps::resizeEvent(QResizeEvent *event)
{
    QWidget::resizeEvent(event);
    if (event->oldSize().width() != event->size().width())
        setFixedHeight(heightForWidth(width()));
}

void TestSteps::paintEvent(QPaintEvent *)
{
    const ThemeColors &c = colorsOf(this);
    QPainter painter(this);
    int y = top;
    for (int i = 0; i < static_cast<int>(kinds.size()); ++i) {
        const ProbeStep *step = i < m_steps.size() ? &m_steps[i] : nullptr;
        const bool runs = !step && m_running && i == m_steps.size();
        const int middle = y + rowHeight / 2;
        const int extra = step ? detailHeight(*step, width()) : 0;
        if (i + 1 < static_cast<int>(kinds.size()))
            painter.fillRect(signCentre, middle + 11, 1, rowHeight - 22 + extra, c.control);
        Icon icon = Icon::Skipped;
        Role role = Role::Muted;
        if (runs)
            icon = Icon::Clock, role = Role::Accent;
        else if (step && step->state == ProbeStep::State::Ok)
            icon = Icon::Ok, role = Role::Ok;
        else if (step && step->state == ProbeStep::State::Failed)
            icon = Icon::Error, role = Role::Err;
        paintIcon(&painter, icon, QRectF(signCentre - 9, middle - 9, 18, 18), c.of(role));
        const bool tried = runs || (step && step->state != ProbeStep::State::NotTried);
        painter.setFont(textFont(13, QFont::Medium));
        painter.setPen(tried ? c.text : c.muted);
        painter.drawText(QRect(44, y, textLeft - 44, rowHeight), Qt::AlignVCenter | Qt::AlignLeft, stepName(kinds[static_cast<std::size_t>(i)]));
        const bool failed = step && step->state == ProbeStep::State::Failed;
        painter.setFont(textFont(13, failed ? QFont::DemiBold : QFont::Normal));
        painter.setPen(failed ? c.err : tried ? c.text : c.muted);
        const QRect words(textLeft, y, width() - textLeft - timeWidth, rowHeight);
        const QString text = step ? bridge::qt(step->headline) : runs ? tr("asking…") : QString();
        painter.drawText(words, Qt::AlignVCenter | Qt::AlignLeft, painter.fontMetrics().elidedText(text, Qt::ElideRight, words.width()));
        painter.setFont(textFont(12));
        painter.setPen(c.muted);
        const QString took = step ? (step->state == ProbeStep::State::NotTried ? unknownText() : latency(std::optional(step->took))) : QString();
        painter.drawText(QRect(width() - timeWidth, y, timeWidth - 12, rowHeight), Qt::AlignVCenter | Qt::AlignRight, took);
        if (extra > 0)
            painter.drawText(QRect(textLeft, y + rowHeight - 6, width() - textLeft - 16, extra), Qt::TextWordWrap | Qt::TextWrapAnywhere | Qt::AlignLeft | Qt::AlignTop, bridge::qt(step->detail));
        y += rowHeight + extra;
    }
}

} // namespace ui::providers
