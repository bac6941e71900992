// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gateway/core/call_record.h"

#include <QList>
#include <QWidget>

namespace ui::calls {

/// "openai 429 twice, then claude in 2.93 s": the attempts of a call in one sentence.
QString attemptWords(const gateway::CallRecord &record);

/// The attempts of a call over its time: a bar for each, waits dashed, the first byte marked, skipped ones named.
class WaterfallView final : public QWidget
{
    Q_OBJECT
public:
    struct Line
    {
        enum class Kind { Gateway, Attempt, Wait, FirstByte, Skipped };
        Kind kind = Kind::Attempt;
        QString label;
        QString code;              ///< "429", "timeout", "200"
        bool ok = false;
        std::int64_t fromUs = 0, toUs = 0;
        QString note;              ///< after the bar
        QString detail;            ///< tool tip: the provider's words
    };

    explicit WaterfallView(QWidget *parent = nullptr);
    void setCall(const gateway::CallRecord &record);
    [[nodiscard]] const QList<Line> &lines() const { return m_lines; }
    [[nodiscard]] QSize sizeHint() const override;
    [[nodiscard]] QSize minimumSizeHint() const override;

protected:
    void paintEvent(QPaintEvent *event) override;
    bool event(QEvent *event) override;

private:
    [[nodiscard]] int codeRight() const;
    [[nodiscard]] double xOf(std::int64_t micros) const;
    void paintScale(QPainter *painter) const;
    void paintLine(QPainter *painter, const Line &line, int top) const;

    QList<Line> m_lines;
    std::int64_t m_endUs = 1;
    std::int64_t m_stepUs = 1;
    std::int64_t m_firstByteUs = -1;
};

} // namespace ui::calls
