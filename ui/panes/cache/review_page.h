// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/panes/cache_figures.h"
#include "ui/panes/pane.h"

class QStackedWidget;

namespace ui::widgets {
class EmptyState;
class Label;
class SectionBanner;
class SkeletonView;
class TableView;
}

namespace ui::cache {

class QuestionPair;
class ReviewModel;
class SavingsReader;
class ThresholdCard;

/// Were the semantic hits right? Their list with the two questions side by side, judged by a key each; above it what the
/// verdicts say of the threshold.
class ReviewPage final : public QWidget
{
    Q_OBJECT
public:
    /// @param reader  what the cache did in the range; asked where it is not known yet
    ReviewPage(const panes::PaneContext &context, SavingsReader &reader, QWidget *parent = nullptr);

    void setSeen(bool seen);
    void ask();
    void setConfig(const gateway::api::ConfigPtr &config);
    [[nodiscard]] QWidget *focusTarget() const;

Q_SIGNALS:
    void figuresWanted();                          ///< the reader is to ask for the range
    void settingsWanted();

private:
    QWidget *makeList();
    void connectParts();
    void bindKeys();
    void askPage(std::int64_t before);
    void askRates();
    void take();
    void showError(const QString &why);
    void showChosen();
    void showLikeness();
    void judge(gateway::Verdict verdict);
    void write(std::int64_t id, gateway::Verdict verdict, bool undoable);
    [[nodiscard]] const gateway::SemanticHit *chosen() const;
    void choose(int row);

    panes::PaneContext m_context;
    SavingsReader &m_reader;
    ThresholdCard *m_threshold;
    ReviewModel *m_model;
    widgets::TableView *m_table;
    QuestionPair *m_pair;
    widgets::Label *m_left;
    widgets::SectionBanner *m_banner;
    widgets::SkeletonView *m_skeleton;
    widgets::EmptyState *m_empty;
    QStackedWidget *m_stack;
    std::vector<gateway::SemanticHit> m_coming;    ///< pages that came of the question that is out
    std::vector<gateway::ThresholdRate> m_rates;
    gateway::WallTime m_lastGood {};
    bool m_known = false, m_seen = false;
    quint64 m_generation = 0;
};

} // namespace ui::cache
