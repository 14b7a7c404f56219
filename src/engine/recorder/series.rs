//! Values over time: a point a second for the first hour, then points are merged in pairs.

use std::sync::Arc;

use hdrhistogram::Histogram;

use crate::engine::{
    classes,
    outcome::{RequestSeries, Series},
};

/// Points that are kept: an hour of seconds. Merging in pairs halves them.
const MAX_POINTS: usize = 3600;

/// Digits of a name's percentiles over time: one part in a hundred is less than what one second says.
const NAME_DIGITS: u8 = 2;

/// What one request name has seen since somebody last looked.
#[derive(Clone, Debug)]
pub struct NameWindow {
    latency: Histogram<u64>,
    failures: u32,
}

impl Default for NameWindow {
    fn default() -> Self {
        Self { latency: super::totals::histogram(NAME_DIGITS), failures: 0 }
    }
}

impl NameWindow {
    /// Adds one request.
    pub(super) fn add(&mut self, latency_us: u64, failed: bool) {
        super::totals::add(&mut self.latency, latency_us, 1);
        self.failures += u32::from(failed);
    }

    fn reset(&mut self) {
        self.latency.reset();
        self.failures = 0;
    }

    /// Takes all of another one, which is empty then.
    fn take(&mut self, other: &mut Self) {
        super::totals::merge(&mut self.latency, &other.latency);
        self.failures += other.failures;
        other.reset();
    }
}

/// Values over time of one request name, in less memory than the whole run's.
#[derive(Clone, Debug, Default)]
struct NameLog {
    pending: NameWindow,
    requests: Vec<u32>,
    failures: Vec<u32>,
    p50_ms: Vec<f32>,
    p95_ms: Vec<f32>,
}

impl NameLog {
    #[expect(clippy::cast_possible_truncation, reason = "two digits of a percentile fit")]
    fn flush(&mut self) {
        let ms = |quantile| super::totals::quantile_ms(&self.pending.latency, quantile) as f32;
        self.p50_ms.push(ms(0.50));
        self.p95_ms.push(ms(0.95));
        self.requests.push(u32::try_from(self.pending.latency.len()).unwrap_or(u32::MAX));
        self.failures.push(self.pending.failures);
        self.pending.reset();
    }

    fn halve(&mut self) {
        pairs(&mut self.requests, u32::saturating_add);
        pairs(&mut self.failures, u32::saturating_add);
        pairs(&mut self.p50_ms, f32::max);
        pairs(&mut self.p95_ms, f32::max);
    }
}

/// Collects points; of two percentiles that are merged, the higher one is kept.
#[derive(Clone, Debug)]
pub struct SeriesLog {
    /// Shared with watchers, so that adding a point copies it: 170 kB a second at most, and less often
    /// once points are longer than a second.
    series: Arc<Series>,
    pending: Option<Pending>,
    /// Latency of the point that is not a whole step long yet.
    latency: Histogram<u64>,
    /// The same for the first request names, each as long as the series.
    names: Vec<NameLog>,
}

impl Default for SeriesLog {
    fn default() -> Self {
        Self {
            series: Arc::default(),
            pending: None,
            latency: super::totals::histogram(3),
            names: Vec::new(),
        }
    }
}

/// A point that is not a whole step long yet.
#[derive(Clone, Debug)]
struct Pending {
    seconds: u32,
    at_s: u32,
    requests: u64,
    failures: u64,
    users: u32,
}

impl SeriesLog {
    /// Adds one second, with what each of the first request names has seen in it, which is emptied.
    pub fn push(
        &mut self,
        at_s: u32,
        users: u32,
        failures: u64,
        latency: &Histogram<u64>,
        names: &mut [NameWindow],
    ) {
        let step_s = self.series.step_s.max(1);
        let pending =
            self.pending.get_or_insert(Pending { seconds: 0, at_s, requests: 0, failures: 0, users });
        pending.seconds += 1;
        pending.requests += latency.len();
        pending.failures += failures;
        pending.users = users;
        super::totals::merge(&mut self.latency, latency);
        self.names.resize_with(names.len(), NameLog::default);
        self.names.iter_mut().zip(names).for_each(|(log, window)| log.pending.take(window));
        if pending.seconds >= step_s {
            self.flush();
        }
    }

    fn flush(&mut self) {
        let Some(point) = self.pending.take() else { return };
        let ms = |quantile| super::totals::quantile_ms(&self.latency, quantile);
        let series = Arc::make_mut(&mut self.series);
        series.step_s = series.step_s.max(1);
        series.at_s.push(point.at_s);
        series.requests.push(point.requests);
        series.failures.push(point.failures);
        series.users.push(point.users);
        series.p50_ms.push(ms(0.50));
        series.p95_ms.push(ms(0.95));
        series.p99_ms.push(ms(0.99));
        series.classes.push(classes::counted(&self.latency).into());
        self.names.iter_mut().for_each(NameLog::flush);
        if series.at_s.len() >= MAX_POINTS {
            halve(series);
            self.names.iter_mut().for_each(NameLog::halve);
        }
        self.latency.reset();
    }

    /// Values over time of those of the first request names that `named` gives a name, in its order.
    #[must_use]
    pub fn of_names(&self, named: &[(usize, String)]) -> Vec<RequestSeries> {
        let mut whole = self.clone();
        whole.flush();
        let of = |(place, name): &(usize, String)| {
            let log = whole.names.get_mut(*place).map(std::mem::take)?;
            Some(RequestSeries {
                name: name.clone(),
                requests: log.requests,
                failures: log.failures,
                p50_ms: log.p50_ms,
                p95_ms: log.p95_ms,
            })
        };
        named.iter().filter_map(of).collect()
    }

    /// All whole points so far.
    #[must_use]
    pub fn so_far(&self) -> Arc<Series> {
        Arc::clone(&self.series)
    }

    /// All points, an unfinished last one included.
    #[must_use]
    pub fn finish(mut self) -> Series {
        self.flush();
        Arc::unwrap_or_clone(self.series)
    }
}

/// Merges neighbours. Counts add up exactly; of two percentiles the higher is kept, so that a
/// spike stays visible however long the run is.
fn halve(series: &mut Series) {
    series.step_s *= 2;
    pairs(&mut series.at_s, |a, _| a);
    pairs(&mut series.requests, |a, b| a + b);
    pairs(&mut series.failures, |a, b| a + b);
    pairs(&mut series.users, |_, b| b);
    let joined = series.classes.chunks(2).map(|pair| match pair {
        [one, other] => classes::joined(one, other).into(),
        rest => rest[0].clone(),
    });
    series.classes = joined.collect();
    for column in [&mut series.p50_ms, &mut series.p95_ms, &mut series.p99_ms] {
        pairs(column, f64::max);
    }
}

fn pairs<T: Copy>(column: &mut Vec<T>, join: impl Fn(T, T) -> T) {
    *column = column.chunks(2).map(|pair| pair.iter().skip(1).fold(pair[0], |a, &b| join(a, b))).collect();
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_long_run_keeps_every_request_in_a_bounded_number_of_points() {
        let mut log = SeriesLog::default();
        let mut second = super::super::totals::histogram(3);
        second.record(5_000).expect("resizes");
        let seconds = 30_000;
        for at in 0..seconds {
            let mut name = NameWindow::default();
            name.add(5_000, at % 2 == 0);
            log.push(at, 7, 1, &second, std::slice::from_mut(&mut name));
            assert_eq!(name.latency.len(), 0, "it is emptied");
        }
        let named = log.of_names(&[(0, "one".to_owned()), (7, "none".to_owned())]);
        assert_eq!(named.len(), 1);
        let sum = |column: &[u32]| column.iter().sum::<u32>();
        assert_eq!((sum(&named[0].requests), sum(&named[0].failures)), (seconds, seconds / 2));
        let series = log.finish();
        assert_eq!(named[0].p95_ms.len(), series.at_s.len());
        assert!(series.at_s.len() <= MAX_POINTS, "{} points", series.at_s.len());
        assert_eq!(series.requests.iter().sum::<u64>(), u64::from(seconds));
        assert_eq!(series.failures.iter().sum::<u64>(), u64::from(seconds));
        assert_eq!(series.classes.len(), series.at_s.len());
        let counted = series.classes.iter().flat_map(|kept| classes::unpacked(kept)).sum::<u64>();
        assert_eq!(counted, u64::from(seconds), "no request is lost in its class");
        assert!(series.step_s.is_power_of_two() && series.step_s > 1);
        assert_eq!(series.at_s[1] - series.at_s[0], series.step_s);
        assert!(series.p99_ms.iter().all(|&ms| (ms - 5.0).abs() < 0.01));
    }
}
