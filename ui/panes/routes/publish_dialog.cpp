// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/panes/routes/publish_dialog.h"

#include "gateway/config/diff.h"
#include "gateway/config/yaml_writer.h"
#include "ui/bridge/text.h"
#include "ui/widgets/labels.h"
#include "ui/widgets/states.h"
#include "ui/widgets/theme.h"

#include <QGridLayout>
#include <QLineEdit>
#include <QPainter>
#include <QScrollArea>

#include <algorithm>

using namespace Qt::StringLiterals;

namespace ui::routes {

using namespace gateway::config;
using namespace widgets;

namespace {

const Route *sameRoute(const std::vector<Route> &routes, const Route &wanted)
{
    const auto found = std::ranges::find_if(routes, [&](const Route &one) { return wanted.id.empty() ? one.name == wanted.name : one.id == wanted.id; });
    return found == routes.end() ? nullptr : &*found;
}

/// Lines of two texts side by side by their longest common part: what went, what came.
class DiffView final : public QWidget
{
public:
    DiffView(const QString &before, const QString &after) { compare(before.split(u'\n', Qt::SkipEmptyParts), after.split(u'\n', Qt::SkipEmptyParts)); }

    QSize sizeHint() const override { return {520, static_cast<int>(m_lines.size()) * rowHeight + 8}; }
    QSize minimumSizeHint() const override { return {200, sizeHint().height()}; }

protected:
    void paintEvent(QPaintEvent *) override
    {
        const ThemeColors &c = colorsOf(this);
        QPainter painter(this);
        painter.fillRect(rect(), c.win);
        painter.setFont(monoFont(12));
        int y = 4;
        for (const Line &line : m_lines) {
            const QRect row(0, y, width(), rowHeight);
            if (line.sign != u' ')
                painter.fillRect(row, line.sign == u'+' ? c.okBg : c.errBg);
            painter.setPen(line.sign == u'+' ? c.ok : line.sign == u'-' ? c.err : c.muted);
            painter.drawText(row.adjusted(10, 0, 0, 0), Qt::AlignVCenter | Qt::AlignLeft, line.sign == u'-' ? u"−"_s : QString(line.sign));
            painter.setPen(line.sign == u' ' ? c.muted : c.text);
            painter.drawText(row.adjusted(28, 0, -8, 0), Qt::AlignVCenter | Qt::AlignLeft | Qt::TextSingleLine, line.text);
            y += rowHeight;
        }
    }

private:
    static constexpr int rowHeight = 18;
    static constexpr qsizetype context = 2;
    struct Line
    {
        QChar sign;
        QString text;
    };

    void compare(const QStringList &a, const QStringList &b)
    {
        const qsizetype n = a.size(), m = b.size();
        QList<QList<int>> common(n + 1, QList<int>(m + 1, 0));
        for (qsizetype i = n - 1; i >= 0; --i)
            for (qsizetype j = m - 1; j >= 0; --j)
                common[i][j] = a[i] == b[j] ? common[i + 1][j + 1] + 1 : std::max(common[i + 1][j], common[i][j + 1]);
        QList<Line> all;
        qsizetype i = 0, j = 0;
        while (i < n || j < m) {
            if (i < n && j < m && a[i] == b[j]) {
                all.append({u' ', a[i++]});
                ++j;
            } else if (i < n && (j == m || common[i + 1][j] >= common[i][j + 1])) {
                all.append({u'-', a[i++]});
            } else {
                all.append({u'+', b[j++]});
            }
        }
        fold(all);
    }

    /// Equal lines far from any change are told by their number.
    void fold(const QList<Line> &all)
    {
        const auto near = [&](qsizetype at) {
            for (qsizetype k = std::max<qsizetype>(0, at - context); k < std::min(all.size(), at + context + 1); ++k)
                if (all[k].sign != u' ')
                    return true;
            return false;
        };
        int folded = 0;
        const auto flush = [&] {
            if (folded > 0)
                m_lines.append({u' ', folded == 1 ? QObject::tr("… 1 equal line") : QObject::tr("… %1 equal lines").arg(folded)});
            folded = 0;
        };
        for (qsizetype k = 0; k < all.size(); ++k) {
            if (!near(k)) {
                ++folded;
                continue;
            }
            flush();
            m_lines.append(all[k]);
        }
        flush();
    }

    QList<Line> m_lines;
};

} // namespace

QStringList keysUsing(const Config &config, const QStringList &routes)
{
    QStringList names;
    for (const VirtualKey &key : config.keys) {
        if (key.revoked)
            continue;
        const bool may = !key.models || std::ranges::any_of(*key.models, [&](const std::string &model) { return routes.contains(bridge::qt(model)); });
        if (may)
            names << bridge::qt(key.name);
    }
    return names;
}

PublishDialog::PublishDialog(bridge::ConfigDraft &draft, bool readOnly, QWidget *parent)
    : Dialog(readOnly ? Icon::Diff : Icon::Upload, Role::Accent, readOnly ? tr("Draft against live") : tr("Publish routes"), parent), m_draft(draft)
{
    setObjectName(u"routes.publish"_s);
    setMinimumWidth(600);
    setSubtitle(readOnly ? tr("What publishing would change, from revision %1.").arg(draft.liveRevision())
                         : tr("Calls that come after this go by the new plan; calls under way end by the old one."));
    addChanges();
    addAffected();
    if (readOnly) {
        auto *close = addButton(Button::Kind::Primary, tr("Close"));
        connect(close, &QPushButton::clicked, this, &QDialog::accept);
        return;
    }
    m_refused = new SectionBanner(SectionBanner::Kind::Error);
    m_refused->hide();
    body()->addWidget(m_refused);
    m_note = new QLineEdit;
    m_note->setObjectName(u"routes.publish.note"_s);
    m_note->setPlaceholderText(tr("Note for the list of revisions (may stay empty)"));
    m_note->setAccessibleName(tr("Note"));
    m_note->setMinimumHeight(28);
    body()->addWidget(m_note);
    auto *cancel = addButton(Button::Kind::Plain, tr("Cancel"));
    m_publish = addButton(Button::Kind::Primary, tr("Publish"));
    m_publish->setObjectName(u"routes.publish.confirm"_s);
    m_publish->setDefault(true);
    connect(cancel, &QPushButton::clicked, this, &QDialog::reject);
    connect(m_publish, &QPushButton::clicked, this, &PublishDialog::publish);
    m_note->setFocus();
}

void PublishDialog::addChanges()
{
    auto *list = new QWidget;
    auto *column = new QVBoxLayout(list);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(6);
    for (const Change &change : diff(m_draft.live(), m_draft.config())) {
        auto *line = new Label(Label::Kind::Body, bridge::qt(change.entry) + (change.kind == Change::Kind::Added ? tr(" · new") : change.kind == Change::Kind::Removed ? tr(" · removed") : QString()));
        line->setFont(textFont(13, QFont::DemiBold));
        column->addWidget(line);
        const auto named = [&](const Route &route) { return "route " + route.name == change.entry; };
        const auto &after = m_draft.config().routes;
        const auto &before = m_draft.live().routes;
        auto now = std::ranges::find_if(after, named);
        const auto then = std::ranges::find_if(before, named);
        const Route *old = now != after.end() ? sameRoute(before, *now) : then != before.end() ? &*then : nullptr;
        if (now == after.end() && then == before.end()) {
            for (const std::string &field : change.fields)
                column->addWidget(new Label(Label::Kind::Secondary, bridge::qt(field)));
            continue;
        }
        column->addWidget(new DiffView(old ? bridge::qt(toYaml(*old)) : QString(), now != after.end() ? bridge::qt(toYaml(*now)) : QString()));
    }
    column->addStretch(1);
    auto *scroll = new QScrollArea;
    scroll->setWidgetResizable(true);
    scroll->setFrameShape(QFrame::NoFrame);
    scroll->setFocusPolicy(Qt::NoFocus);
    scroll->setWidget(list);
    scroll->setMinimumHeight(std::min(320, list->sizeHint().height() + 4));
    list->setAutoFillBackground(false);
    scroll->viewport()->setAutoFillBackground(false);
    body()->addWidget(scroll, 1);
}

void PublishDialog::addAffected()
{
    QStringList changed;
    for (const Route &route : m_draft.config().routes) {
        const Route *old = sameRoute(m_draft.live().routes, route);
        if (!old || !(*old == route))
            changed << bridge::qt(route.name);
    }
    for (const Route &route : m_draft.live().routes)
        if (!sameRoute(m_draft.config().routes, route))
            changed << bridge::qt(route.name);
    const QStringList keys = keysUsing(m_draft.config(), changed);
    QString text = tr("No key may use what changes.");
    if (!keys.isEmpty())
        text = keys.size() > 4 ? tr("Keys that may use it: %1 and %2 more").arg(keys.first(4).join(u", "_s)).arg(keys.size() - 4) : tr("Keys that may use it: %1").arg(keys.join(u", "_s));
    auto *label = new Label(Label::Kind::Secondary, text);
    label->setWordWrap(true);
    body()->addWidget(label);
}

void PublishDialog::publish()
{
    m_publish->setEnabled(false);
    QString note = m_note->text().trimmed();
    if (note.isEmpty())
        note = bridge::qt(diffText(m_draft.live(), m_draft.config())).left(500);
    QPointer<PublishDialog> alive(this);
    m_draft.apply(note, [alive](const gateway::api::ApplyOutcome &outcome) {
        if (!alive)
            return;
        if (outcome.applied) {
            Q_EMIT alive->published();
            alive->accept();
            return;
        }
        QStringList words;
        for (const gateway::api::FieldError &problem : outcome.problems)
            if (!problem.warning)
                words << (problem.field.empty() ? bridge::qt(problem.message) : tr("%1: %2").arg(bridge::qt(problem.field), bridge::qt(problem.message)));
        alive->m_refused->setContent(tr("Nothing was published"), words.join(u'\n'));
        alive->m_refused->show();
        alive->m_publish->setEnabled(true);
    });
}

} // namespace ui::routes
